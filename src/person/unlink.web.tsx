// Taking a link between two records away again, with the reason.
import { App, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';

const Reason = z.object({ reason: z.string().trim().min(2).max(200) });

export const UnlinkButton = ({ person, other }: { person: string; other: string }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const { clock } = useMe();
  return (
    <FormButton
      size="small"
      label={t('file.unlink')}
      schema={Reason}
      call={client.link.remove}
      inputOf={({ reason }) => ({ person, other, on: clock.today, reason })}
      onDone={() => void message.success(t('file.unlinked'))}
    >
      <Field name="reason" label={t('file.unlinkReason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};
