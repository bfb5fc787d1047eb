// Facts typed in to be tried under every place's criteria: what is left out counts as not known, and nothing asks who it is.
import { Button, Form, Radio, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cities } from '../network/division.ts';
import type { FactKey } from '../policy/facts.ts';
import { DayInput } from '../web/form.tsx';
import { useMe } from '../web/me.ts';
import { TriedFacts } from './comparison.ts';
import { FactValueInput } from './fact-words.web.tsx';

/** In the order in which a clerk would ask; the other facts are asked by no place. */
const askedKinds = [
  'birthDate',
  'householdDivision',
  'livesAt',
  'diagnosis',
  'severe',
  'certificate',
  'risk',
  'stability',
  'remission',
  'medicalOpinion',
  'needsRehabilitation',
  'selfCaring',
  'majorPhysicalIllness',
  'infectiousDisease',
  'guardian',
  'clientWilling',
  'guardianWilling',
] as const satisfies readonly FactKey[];

type Answers = Partial<Record<FactKey, unknown>>;

interface AnswerProps {
  readonly id: string;
  readonly kind: FactKey;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

const Household = ({ id, value, onChange }: AnswerProps) => (
  <Select
    id={id}
    allowClear
    showSearch={{ optionFilterProp: 'label' }}
    value={value ?? null}
    onChange={(code: unknown) => onChange(code ?? undefined)}
    options={cities.map((city) => ({
      label: city.name,
      options: city.counties.map(({ code, name }) => ({ value: code, label: name })),
    }))}
  />
);

/** Whether there is a guardian; who it is does not matter here. */
const HasGuardian = ({ id, value, onChange }: AnswerProps) => {
  const { t } = useTranslation('person');
  return (
    <Radio.Group
      id={id}
      optionType="button"
      value={value === undefined ? undefined : value !== null}
      options={[
        { value: true, label: t('compare.some') },
        { value: false, label: t('fact.none') },
      ]}
      onChange={({ target }) => onChange(target.value === true ? {} : null)}
    />
  );
};

const Answer = (props: AnswerProps) => {
  if (props.kind === 'householdDivision') return <Household {...props} />;
  if (props.kind === 'guardian') return <HasGuardian {...props} />;
  return <FactValueInput {...props} />;
};

/** The answers as facts; the risk and the opinion hold from their day. */
const factsFrom = (
  { risk, medicalOpinion, ...answers }: Answers,
  days: { risk: string; opinion: string },
): unknown => ({
  ...answers,
  ...(risk === undefined ? {} : { risk: [{ on: days.risk, level: risk }] }),
  ...(medicalOpinion === undefined ? {} : { medicalOpinion: { ...(medicalOpinion as object), on: days.opinion } }),
});

interface TriedFormProps {
  readonly busy: boolean;
  readonly onTry: (input: { facts: TriedFacts }) => void;
  readonly onClear: () => void;
}

export const TriedForm = ({ busy, onTry, onClear }: TriedFormProps) => {
  const { t } = useTranslation('person');
  const { clock } = useMe();
  const [answers, setAnswers] = useState<Answers>({});
  const [riskOn, setRiskOn] = useState(clock.today);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const submit = () => {
    const read = TriedFacts.safeParse(factsFrom(answers, { risk: riskOn, opinion: clock.today }));
    setWrong(read.success ? [] : read.error.issues.map(({ path }) => String(path[0])));
    if (read.success) onTry({ facts: read.data });
  };
  const clear = () => {
    setAnswers({});
    setWrong([]);
    onClear();
  };
  return (
    <Form className="kt-form" layout="vertical" onFinish={submit}>
      <div className="kt-asked">
        {askedKinds.map((kind) => (
          <Form.Item
            key={kind}
            label={t(`fact.kind.${kind}`)}
            htmlFor={`tried-${kind}`}
            {...(wrong.includes(kind) && { validateStatus: 'error' as const, help: t('compare.incomplete') })}
          >
            <Space wrap>
              <Answer
                id={`tried-${kind}`}
                kind={kind}
                value={answers[kind]}
                onChange={(value) => setAnswers((before) => ({ ...before, [kind]: value }))}
              />
              {kind === 'risk' && answers.risk !== undefined && (
                <DayInput
                  id="tried-riskOn"
                  value={riskOn}
                  notAfter={clock.today}
                  onChange={(day) => setRiskOn(day ?? clock.today)}
                />
              )}
            </Space>
          </Form.Item>
        ))}
      </div>
      <Space wrap>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('compare.try')}
        </Button>
        <Button onClick={clear}>{t('compare.clear')}</Button>
      </Space>
    </Form>
  );
};
