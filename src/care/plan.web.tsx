// Making the individual plan: goals started from templates by need, changed to the person's own words.
import './papers.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Form, type FormInstance, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { Needs } from '../assessment/instrument.ts';
import { Day } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import { type Goal, planMade } from './agreement.ts';
import { listPlanTemplates, type PlanTemplate } from './plan-templates.ts';
import { Domain } from './session.ts';

const Path = z.object({ person: z.uuid() });
const Fields = z.object({ on: Day, ...planMade.body.shape, agreed: z.boolean().default(false) });

interface TemplatesProps {
  readonly age: number | null;
  readonly needs: Needs;
  readonly onPick: (template: PlanTemplate) => void;
}

const Templates = ({ age, needs, onPick }: TemplatesProps) => {
  const { t } = useTranslation('care');
  const needOf = (domain: Domain): string => {
    const need = needs[domain];
    return need === undefined ? '' : `（${t(`plan.need.${need}` as 'plan.need.0')}）`;
  };
  return (
    <section aria-label={t('plan.templates')}>
      <p>
        <strong>{t('plan.templates')}</strong> <span className="kt-quiet">{t('plan.templatesHelp')}</span>
      </p>
      <div className="kt-templates">
        {listPlanTemplates(age ?? undefined, needs).map((template) => (
          <Button key={template.goal} size="small" onClick={() => onPick(template)}>
            {t(`domain.${template.domain}`)}
            {needOf(template.domain)}：{template.goal}
          </Button>
        ))}
      </div>
    </section>
  );
};

/** `Field` names its place from the form's root, which `Form.List` would repeat; so the lines are the form's own array. */
const Goals = ({ form }: { form: FormInstance }) => {
  const { t } = useTranslation('care');
  const goals: readonly Partial<Goal>[] = Form.useWatch('goals', { form, preserve: true }) ?? [];
  const set = (next: readonly Partial<Goal>[]) => form.setFieldValue('goals', next);
  return (
    <>
      {goals.map((_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; what it holds is the form's
        <fieldset key={line} className="kt-goal">
          <legend>
            {t('plan.goal', { n: line + 1 })}{' '}
            <Button type="link" size="small" onClick={() => set(goals.filter((__, other) => other !== line))}>
              {t('plan.remove')}
            </Button>
          </legend>
          <Field name={['goals', line, 'domain']} label={t('plan.domain')}>
            <Select options={Domain.options.map((value) => ({ value, label: t(`domain.${value}`) }))} />
          </Field>
          <Field name={['goals', line, 'goal']} label={t('plan.text')}>
            <Input.TextArea autoSize={{ minRows: 1 }} maxLength={200} />
          </Field>
          <Field name={['goals', line, 'frequency']} label={t('plan.frequency')}>
            <InputNumber min={1} max={31} precision={0} />
          </Field>
          <Field name={['goals', line, 'responsible']} label={t('plan.responsible')} />
        </fieldset>
      ))}
      <Form.Item>
        <Button onClick={() => set([...goals, {}])}>{t('plan.add')}</Button>
      </Form.Item>
    </>
  );
};

const PlanPage = () => {
  const { t } = useTranslation('care');
  const { person } = usePathParams(Path);
  const { clock, user } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data } = useSuspenseQuery(api.papers.get.queryOptions({ input: { person } }));
  const make = useOperation(client.plan.make, {
    form,
    onDone: () => void navigate({ to: `/persons/${person}/papers` }),
  });
  if (data.papers.baseline === null)
    return (
      <>
        <PageHead title={`${t('plan.title')} · ${data.name}`} />
        <EmptyState
          title={t('plan.baselineFirst')}
          hint={t('plan.baselineFirstHint')}
          action={
            <ButtonLink type="primary" path={`/persons/${person}/assessments/new`}>
              {t('papers.act.baseline')}
            </ButtonLink>
          }
        />
      </>
    );
  const current = data.plans.find(({ id }) => id === data.papers.plan);
  const addGoal = ({ domain, goal, frequency }: PlanTemplate) => {
    const goals: readonly Partial<Goal>[] = form.getFieldValue('goals') ?? [];
    form.setFieldValue('goals', [...goals, { domain, goal, frequency, responsible: user.name }]);
  };
  return (
    <>
      <PageHead title={`${t('plan.title')} · ${data.name}`} />
      <SchemaForm
        schema={Fields}
        form={form}
        initial={{ on: clock.today, fromOn: clock.today, goals: current?.goals ?? [], agreed: false }}
        onSubmit={(fields) => make.run({ person, ...fields })}
        problem={make.problem}
        busy={make.busy}
        submitLabel={t('plan.save')}
      >
        <Templates age={data.age} needs={data.needs} onPick={addGoal} />
        <Goals form={form} />
        <OnDayField name="on" label={t('plan.on')} />
        <OnDayField name="fromOn" label={t('plan.fromOn')} until="any" />
        <OnDayField name="reviewOn" label={t('plan.reviewOn')} until="any" />
        <OnDayField name="untilOn" label={t('plan.untilOn')} help={t('signer.untilHelp')} until="any" />
        <Form.Item name="agreed" valuePropName="checked">
          <Checkbox>{t('plan.agreed')}</Checkbox>
        </Form.Item>
      </SchemaForm>
    </>
  );
};
export default PlanPage;
