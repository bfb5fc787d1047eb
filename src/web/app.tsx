// The app: theme and language of Ant Design, queries, routes.
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import { useTranslation } from 'react-i18next';
import { queryClient } from './client.ts';
import { useIsPhone } from './frame.tsx';
import { createAppRouter } from './router.tsx';
import { deskTheme, phoneTheme } from './theme.ts';

const router = createAppRouter();

/** Nothing moves for those whose system asks for that. */
const calm = { motion: !matchMedia('(prefers-reduced-motion: reduce)').matches };
const themes = {
  desk: { ...deskTheme, token: { ...deskTheme.token, ...calm } },
  phone: { ...phoneTheme, token: { ...phoneTheme.token, ...calm } },
};

export const App = () => {
  const { i18n } = useTranslation();
  const phone = useIsPhone();
  return (
    <ConfigProvider
      locale={i18n.language === 'en' ? enUS : zhCN}
      theme={phone ? themes.phone : themes.desk}
      button={{ autoInsertSpace: false }}
    >
      <AntApp>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
};
