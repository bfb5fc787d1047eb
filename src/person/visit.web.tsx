// Recording a home visit on a phone, correcting one (`?visit=`), and the visits so far.
import './person.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { App, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { FactKey } from '../policy/facts.ts';
import { Boxes } from '../web/boxes.tsx';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { factValueOf } from './fact.ts';
import { FactValueInput } from './fact-words.web.tsx';
import { VisitInput, type VisitView } from './visit.ts';
import { EarlierVisits } from './visit-list.web.tsx';

const Path = z.object({ person: z.uuid() });
const Query = z.object({ visit: z.uuid().optional() });

/** What a visitor can see or be told at the door. */
const asked = [
  'clientWilling',
  'guardianWilling',
  'livesAt',
  'stability',
  'selfCaring',
  'needsRehabilitation',
  'majorPhysicalIllness',
  'infectiousDisease',
] as const satisfies readonly FactKey[];

const Answers = z.object(Object.fromEntries(asked.map((kind) => [kind, factValueOf(kind).optional()])));
const VisitForm = VisitInput.omit({ facts: true }).extend({ answers: Answers.optional() });
type VisitForm = z.infer<typeof VisitForm>;

/** Answers are as of the visit's day; facts of other kinds that an earlier version stated are kept. */
const toVisit = ({ answers = {}, ...visit }: VisitForm, before: VisitView | undefined): VisitInput => ({
  ...visit,
  facts: [
    ...(before?.facts ?? [])
      .filter(({ kind }) => !(asked as readonly FactKey[]).includes(kind))
      .map(({ kind, on, value }) => ({ kind, on, value })),
    ...asked.flatMap((kind) =>
      answers[kind] === undefined
        ? []
        : [{ kind, on: visit.on, value: answers[kind] as VisitInput['facts'][0]['value'] }],
    ),
  ],
});

const toForm = (visit: VisitView): Partial<VisitForm> => ({
  on: visit.on,
  method: visit.method,
  participants: visit.participants,
  met: visit.met,
  aid: visit.aid,
  answers: Object.fromEntries(visit.facts.map(({ kind, value }) => [kind, value])),
  ...(visit.family !== null && { family: visit.family }),
  ...(visit.note !== null && { note: visit.note }),
});

const aids = ['allowance', 'destitute', 'temporary', 'disability', 'guardianAward', 'freeMedicine'] as const;
const who = ['client', 'guardian', 'otherFamily', 'none'] as const;
const methods = ['home', 'phone', 'office'] as const;

const Fields = () => {
  const { t } = useTranslation('person');
  return (
    <>
      <OnDayField name="on" label={t('visit.on')} />
      <Field name="method" label={t('visit.method')}>
        <Radio.Group
          optionType="button"
          options={methods.map((value) => ({ value, label: t(`visit.methods.${value}`) }))}
        />
      </Field>
      <Field name="participants" label={t('visit.participants')}>
        <Select mode="tags" tokenSeparators={['、', '，', ',', ' ']} open={false} suffixIcon={null} />
      </Field>
      <Field name="met" label={t('visit.met')}>
        <Boxes options={who.map((one) => ({ value: one, label: t(`visit.who.${one}`) }))} />
      </Field>
      <h2>{t('visit.facts')}</h2>
      {asked.map((kind) => (
        <Field key={kind} name={['answers', kind]} label={t(`fact.kind.${kind}`)}>
          <FactValueInput kind={kind} />
        </Field>
      ))}
      <Field name="aid" label={t('visit.aid')}>
        <Checkbox.Group options={aids.map((key) => t(`visit.aids.${key}`))} />
      </Field>
      <Field name="family" label={t('visit.family')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Field>
      <Field name="note" label={t('visit.note')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Field>
    </>
  );
};

const Recording = ({ person, before }: { person: string; before: VisitView | undefined }) => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const { clock, user } = useMe();
  const [, change] = useSearchState(Query);
  const [form] = Form.useForm();
  const record = useOperation(client.visit.record, {
    form,
    onDone: () => {
      void message.success(t('visit.saved'));
      form.resetFields();
    },
  });
  const correct = useOperation(client.visit.correct, {
    form,
    onDone: () => {
      void message.success(t('visit.corrected'));
      change({ visit: undefined });
    },
  });
  const save = (values: VisitForm) => {
    const visit = toVisit(values, before);
    return before ? correct.run({ ...visit, person, visit: before.id }) : record.run({ ...visit, person });
  };
  const fresh: Partial<VisitForm> = { on: clock.today, method: 'home', participants: [user.name], met: ['client'] };
  return (
    <SchemaForm
      schema={VisitForm}
      form={form}
      initial={before ? toForm(before) : fresh}
      onSubmit={save}
      problem={before ? correct.problem : record.problem}
      busy={record.busy || correct.busy}
      submitLabel={t('visit.submit')}
    >
      <Fields />
    </SchemaForm>
  );
};

const VisitPage = () => {
  const { t } = useTranslation('person');
  const { person } = usePathParams(Path);
  const [{ visit }, change] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.visit.list.queryOptions({ input: { person } }));
  const before = data.rows.find(({ id }) => id === visit);
  return (
    <>
      <PageHead
        title={t('visit.of', { name: data.name })}
        intro={before ? t('visit.correcting', { on: before.on }) : t('visit.intro')}
        action={<ButtonLink path={`/persons/${person}`}>{t('screening.file')}</ButtonLink>}
      />
      <Recording key={visit ?? 'new'} person={person} before={before} />
      <EarlierVisits person={person} visits={data.rows} onCorrect={(id) => change({ visit: id })} />
    </>
  );
};
export default VisitPage;
