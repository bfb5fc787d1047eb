// The form of a check, made for a phone in the hand: three large answers for each item, words and a deadline only where there is a gap.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Form, type FormInstance, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { Boxes } from '../web/boxes.tsx';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState } from '../web/parts.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import type { SiteChecks, SiteCheckView } from './site-check.api.ts';
import { CheckDepartment, CheckResult, SiteCheckInput, SiteCheckKind } from './site-check.ts';

const Params = z.object({ organisation: Id });
const Query = z.object({ kind: SiteCheckKind.optional(), siteCheck: Id.optional() });
const Fields = SiteCheckInput.omit({ kind: true });
type Checklist = SiteChecks['checklists'][number];

const Item = ({ form, at, text, safety }: { form: FormInstance; at: number; text: string; safety: boolean }) => {
  const { t } = useTranslation('siteCheck');
  const result = Form.useWatch(['items', at, 'result'], form) as string | undefined;
  return (
    <div className="kt-section">
      <Field name={['items', at, 'result']} label={text}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={CheckResult.options.map((value) => ({ value, label: t(`result.${value}`) }))}
        />
      </Field>
      {result === 'gap' && (
        <>
          <Field name={['items', at, 'remark']} label={t('remark')} help={t('remarkHelp')}>
            <Input.TextArea rows={2} maxLength={200} />
          </Field>
          <OnDayField
            name={['items', at, 'dueOn']}
            label={t(safety ? 'dueOn' : 'dueOnOptional')}
            help={safety ? undefined : t('dueOnHelp')}
            until="any"
          />
        </>
      )}
    </div>
  );
};

const RestInOrder = ({ form, count }: { form: FormInstance; count: number }) => {
  const { t } = useTranslation('siteCheck');
  const fill = () => {
    for (let at = 0; at < count; at++)
      if (form.getFieldValue(['items', at, 'result']) === undefined) form.setFieldValue(['items', at, 'result'], 'ok');
  };
  return (
    <Form.Item>
      <Button onClick={fill}>{t('restOk')}</Button>
    </Form.Item>
  );
};

const initialOf = (list: Checklist, before: SiteCheckView | undefined, today: string, role: string) => ({
  on: before?.on ?? today,
  inspectors: before?.inspectors ?? [],
  departments: before?.departments ?? CheckDepartment.options.filter((one) => one === role),
  items: list.items.map(({ id }) => {
    const { result, remark, dueOn } = before?.items.find(({ item }) => item === id) ?? {};
    return { item: id, result, remark, dueOn } as z.input<typeof Fields>['items'][number];
  }),
});

interface CheckFormProps {
  readonly organisation: string;
  readonly list: Checklist;
  readonly before: SiteCheckView | undefined;
}

const CheckForm = ({ organisation, list, before }: CheckFormProps) => {
  const { t } = useTranslation('siteCheck');
  const { clock, role } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  // There photos of it are added.
  const onDone = ({ siteCheck }: { siteCheck: string }) =>
    void navigate({ to: `/organisations/${organisation}`, search: { siteCheck } });
  const record = useOperation(client.siteCheck.record, { form, onDone });
  const correct = useOperation(client.siteCheck.correct, { form, onDone });
  const { kind, items } = list;
  const submit = (values: z.output<typeof Fields>) => {
    // What is asked for each item does not come from an input, and words of a gap that was taken back do not count.
    const answers = items.map(({ id }, at) => {
      const { result = 'ok', remark, dueOn } = values.items[at] ?? {};
      const gap = result === 'gap' && { ...(remark && { remark }), ...(dueOn && { dueOn }) };
      return { item: id, result, ...gap };
    });
    const check = { ...values, kind, items: answers };
    return before ? correct.run({ ...check, siteCheck: before.id }) : record.run({ ...check, organisation });
  };
  return (
    <SchemaForm
      schema={Fields.extend({ items: z.array(Fields.shape.items.element.omit({ item: true })) })}
      form={form}
      initial={initialOf(list, before, clock.today, role)}
      onSubmit={(values) => submit(values as z.output<typeof Fields>)}
      problem={record.problem ?? correct.problem}
      busy={record.busy || correct.busy}
      submitLabel={t(before ? 'saveCorrection' : 'save')}
    >
      {items.map(({ id, text }, at) => (
        <Item key={id} form={form} at={at} text={text} safety={kind === 'safety'} />
      ))}
      <RestInOrder form={form} count={items.length} />
      <Field name="inspectors" label={t('inspectors')} help={t('inspectorsHelp')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={['、', '，', ',', ' ']} />
      </Field>
      <Field name="departments" label={t('departments')}>
        <Boxes options={CheckDepartment.options.map((value) => ({ value, label: t(`department.${value}`) }))} />
      </Field>
      <OnDayField name="on" label={t('on')} />
    </SchemaForm>
  );
};

const SiteCheckFormPage = () => {
  const { t } = useTranslation('siteCheck');
  const { organisation } = usePathParams(Params);
  const [{ kind, siteCheck }] = useSearchState(Query);
  const { data: site } = useSuspenseQuery(api.organisation.get.queryOptions({ input: { organisation } }));
  const { data } = useSuspenseQuery(api.siteCheck.ofOrganisation.queryOptions({ input: { organisation } }));
  const list = data.checklists.find((one) => one.kind === kind) ?? data.checklists[0];
  const before = data.checks.find(({ id }) => id === siteCheck);
  if (!data.mayRecord || list === undefined) return <EmptyState title={t('noForm')} hint={t('noFormHint')} />;
  return (
    <>
      <PageHead
        title={`${t(`record.${list.kind}`)} · ${site.name}`}
        intro={
          <>
            {t('formIntro')} <ClauseChips ids={list.clause} />
          </>
        }
      />
      <CheckForm organisation={organisation} list={list} before={before} />
    </>
  );
};
export default SiteCheckFormPage;
