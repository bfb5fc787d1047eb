// What may be done with a referral that waits, by whom: one form whose fields follow the chosen action.
import { Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { type Me, useToday } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { DeclineCause, QueueWish, type ReferralStatus } from './referral.ts';

const Verb = z.enum(['accept', 'queue', 'decline', 'review', 'withdraw']);
type Verb = z.infer<typeof Verb>;

const Answer = z.object({
  verb: Verb,
  on: Day,
  cause: DeclineCause.optional(),
  wish: QueueWish.optional(),
  note: z.string().trim().max(500).optional(),
});
type Answer = z.infer<typeof Answer> & { readonly id: string; readonly referral: string };

const answer = ({ verb, cause, wish, ...input }: Answer): Promise<object> => {
  if (verb === 'decline') return client.referral.decline({ ...input, cause: cause ?? 'other' });
  if (verb === 'review') return client.referral.review({ ...input, wish: wish ?? 'keepWaiting' });
  return client.referral[verb](input);
};

/** The actions open to somebody, the obvious one first; the server decides anew. */
export const verbsFor = (
  me: Me,
  referral: { organisation: string; originName: string | null; status: ReferralStatus },
): readonly Verb[] => {
  const { status } = referral;
  if (status !== 'sent' && status !== 'queued') return [];
  const receives = ['hospital', 'centre', 'site'].includes(me.role) && me.organisation?.id === referral.organisation;
  if (receives) return status === 'sent' ? ['accept', 'queue', 'decline'] : ['accept', 'review', 'decline'];
  if (me.role === 'civilAffairs') return status === 'sent' ? ['withdraw'] : ['review', 'withdraw'];
  const sends = me.role === 'hospital' || me.role === 'centre';
  return sends && me.organisation !== null && me.organisation.name === referral.originName ? ['withdraw'] : [];
};

interface AnswerFormProps {
  readonly referral: { readonly referral: string; readonly sentOn: string; readonly queuedOn: string | null };
  readonly verbs: readonly [Verb, ...Verb[]];
}

export const AnswerForm = ({ referral, verbs }: AnswerFormProps) => {
  const { t } = useTranslation('referral');
  const today = useToday();
  const [form] = Form.useForm<z.infer<typeof Answer>>();
  const verb = Form.useWatch('verb', form) ?? verbs[0];
  const run = useOperation(answer, { form });
  return (
    <section className="kt-no-print">
      <h2>{t('referral.answer')}</h2>
      <SchemaForm
        schema={Answer}
        form={form}
        initial={{ verb: verbs[0], cause: 'full', wish: 'keepWaiting', ...(today !== undefined && { on: today }) }}
        onSubmit={(values) => run.run({ ...values, referral: referral.referral })}
        problem={run.problem}
        busy={run.busy}
        submitLabel={t(`referral.${verb}`)}
      >
        <Field name="verb" label={t('referral.verb')}>
          <Radio.Group options={verbs.map((value) => ({ value, label: t(`referral.${value}`) }))} />
        </Field>
        {verb === 'decline' && (
          <Field name="cause" label={t('referral.cause')}>
            <Select options={DeclineCause.options.map((value) => ({ value, label: t(`cause.${value}`) }))} />
          </Field>
        )}
        {verb === 'review' && (
          <Field name="wish" label={t('referral.wish')}>
            <Radio.Group options={QueueWish.options.map((value) => ({ value, label: t(`wish.${value}`) }))} />
          </Field>
        )}
        <Field name="note" label={t('note')}>
          <Input.TextArea rows={2} maxLength={500} />
        </Field>
        <OnDayField name="on" label={t('on')} notBefore={referral.queuedOn ?? referral.sentOn} />
      </SchemaForm>
    </section>
  );
};
