// The language of the screen: Chinese first, English behind a switch; texts typed by their Chinese keys.
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn.js';
import i18next, { type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { z } from 'zod';
import { fieldMessage } from './field-message.ts';
import type { resources } from './locale/zh-CN/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame';
    resources: typeof resources;
  }
}

export const languages = { 'zh-CN': '中文', en: 'English' } as const;
export type Language = keyof typeof languages;

const storageKey = 'kangtu.language';

const loaders: Record<Language, () => Promise<{ resources: ResourceLanguage }>> = {
  'zh-CN': () => import('./locale/zh-CN/index.ts'),
  en: () => import('./locale/en/index.ts'),
};

const applyLanguage = async (language: Language): Promise<void> => {
  const { resources } = await loaders[language]();
  for (const [namespace, texts] of Object.entries(resources)) i18next.addResourceBundle(language, namespace, texts);
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  z.config({ ...(language === 'en' ? z.locales.en() : z.locales.zhCN()), customError: fieldMessage });
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
};

/** The language chosen earlier on this computer, else Chinese. */
export const startLanguage = async (): Promise<void> => {
  await i18next.use(initReactI18next).init({
    defaultNS: 'frame',
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: {},
  });
  await applyLanguage(localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh-CN');
};

export const switchLanguage = async (language: Language): Promise<void> => {
  localStorage.setItem(storageKey, language);
  await applyLanguage(language);
};
