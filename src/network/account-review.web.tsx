// What the security administrator does to an account in the list: confirm what waits, and say whether it should be as it is.
import { Flex, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { formatInstant } from '../web/format.ts';
import type { AccountView } from './account.ts';

const Nothing = z.object({});
const Flagging = z.object({ note: z.string().trim().min(1).max(200) });

/** What waits, in the words of the operations; one that has none is named by itself. */
export const usePendingWords = () => {
  const { t, i18n } = useTranslation('network');
  return ({ pendingFor }: AccountView): string =>
    pendingFor
      .map((what) => {
        const key = `review.waits.${what.slice(what.indexOf('.') + 1)}`;
        return i18n.exists(`network:${key}`) ? t(key as never) : what;
      })
      .join('、');
};

const Confirm = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation(['network', 'frame']);
  const words = usePendingWords();
  const { name, role, scopeName } = account;
  return (
    <FormButton
      size="small"
      label={t('review.confirm')}
      title={t('review.confirmTitle', { name })}
      hint={t('review.confirmHint', { what: words(account), role: t(`frame:roles.${role}`), scope: scopeName })}
      schema={Nothing}
      call={client.account.confirm}
      inputOf={() => ({ account: account.id })}
    />
  );
};

const Right = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation(['network', 'frame']);
  const { name, role, scopeName } = account;
  return (
    <FormButton
      size="small"
      label={t('review.right')}
      title={t('review.rightTitle', { name })}
      hint={t('review.rightHint', { role: t(`frame:roles.${role}`), scope: scopeName })}
      schema={Nothing}
      call={client.account.review}
      inputOf={() => ({ account: account.id, verdict: 'confirmed' as const })}
    />
  );
};

const Flag = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  return (
    <FormButton
      size="small"
      label={t('review.flag')}
      title={t('review.flagTitle', { name: account.name })}
      hint={t('review.flagHint')}
      schema={Flagging}
      call={client.account.review}
      inputOf={({ note }) => ({ account: account.id, verdict: 'flagged' as const, note })}
    >
      <Field name="note" label={t('review.note')}>
        <Input.TextArea rows={2} />
      </Field>
    </FormButton>
  );
};

export const ReviewActions = ({ account }: { account: AccountView }) => (
  <Flex gap="small" wrap>
    {account.pendingFor.length > 0 && <Confirm account={account} />}
    <Right account={account} />
    <Flag account={account} />
  </Flex>
);

/** Who looked at it last and what they said. */
export const ReviewText = ({ review }: Pick<AccountView, 'review'>) => {
  const { t } = useTranslation('network');
  if (review === null) return t('review.never');
  return (
    <>
      {t(`review.${review.verdict}`)}
      {review.note !== null && `：${review.note}`}
      <div className="kt-quiet">{`${formatInstant(review.at)} ${review.by}`}</div>
    </>
  );
};
