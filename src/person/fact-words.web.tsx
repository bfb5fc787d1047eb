// Facts in words and as inputs: one control for the value of each kind, big enough for a thumb.
import { Button, Input, Radio, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { fullNameOfDivision, listCounties, listTowns } from '../network/division.ts';
import { type FactKey, LivesAt, Remission, Sex, Stability } from '../policy/facts.ts';
import { DayInput } from '../web/form.tsx';
import { useMe } from '../web/me.ts';

interface Choice {
  readonly value: string | number | boolean;
  readonly label: string;
}

const yesNoKinds: ReadonlySet<FactKey> = new Set<FactKey>([
  'severe',
  'needsRehabilitation',
  'selfCaring',
  'majorPhysicalIllness',
  'infectiousDisease',
  'clientWilling',
  'guardianWilling',
]);

/** The closed answers of a kind; undefined where the value is not one of a few. */
const useChoices = (kind: FactKey): readonly Choice[] | undefined => {
  const { t } = useTranslation('person');
  if (yesNoKinds.has(kind))
    return [
      { value: true, label: t('fact.yes') },
      { value: false, label: t('fact.no') },
    ];
  switch (kind) {
    case 'sex':
      return Sex.options.map((value) => ({ value, label: t(`sex.${value}`) }));
    case 'livesAt':
      return LivesAt.options.map((value) => ({ value, label: t(`fact.livesAt.${value}`) }));
    case 'stability':
      return Stability.options.map((value) => ({ value, label: t(`fact.stability.${value}`) }));
    case 'remission':
      return Remission.options.map((value) => ({ value, label: t(`fact.remission.${value}`) }));
    case 'risk':
      return [0, 1, 2, 3, 4, 5].map((value) => ({ value, label: t('fact.level', { level: value }) }));
    default:
      return undefined;
  }
};

interface Sayable {
  readonly code?: unknown;
  readonly category?: unknown;
  readonly grade?: unknown;
  readonly fit?: unknown;
  readonly name?: unknown;
  readonly relation?: unknown;
}
const categories = ['1', '2', '3', '4', '5', '6', '7'] as const;
const grades = ['1', '2', '3', '4'] as const;

/** `(kind, value) => 病情稳定 …`: what a value says to a reader. */
export const useFactWords = (): ((kind: FactKey, value: unknown) => string) => {
  const { t } = useTranslation('person');
  return (kind, value) => {
    if (value === null) return t('fact.none');
    if (value === undefined) return t('fact.unknownValue');
    if (typeof value === 'boolean') return t(value ? 'fact.yes' : 'fact.no');
    if (kind === 'risk') return t('fact.level', { level: String(value) });
    if (kind === 'sex' || kind === 'livesAt' || kind === 'stability' || kind === 'remission')
      return t((kind === 'sex' ? `sex.${String(value)}` : `fact.${kind}.${String(value)}`) as 'sex.male');
    if (kind === 'householdDivision' || kind === 'residenceDivision') return fullNameOfDivision(String(value));
    if (typeof value !== 'object') return String(value);
    const said = value as Sayable;
    if (kind === 'diagnosis') return String(said.code);
    if (kind === 'medicalOpinion') return t(said.fit === true ? 'fact.fit' : 'fact.unfit');
    if (kind === 'guardian') return [said.name, said.relation].filter(Boolean).join('，');
    const category = categories.find((one) => one === String(said.category));
    const grade = grades.find((one) => one === String(said.grade));
    return [category && t(`fact.categories.${category}`), grade && t(`fact.grades.${grade}`)].filter(Boolean).join(' ');
  };
};

interface InputProps {
  readonly id?: string;
  readonly kind: FactKey;
  readonly value?: unknown;
  readonly onChange?: (value: unknown) => void;
}

/** Towns of the actor's counties. */
export const useTownOptions = () => {
  const { scope } = useMe();
  return listCounties(scope).map((county) => ({
    label: county.name,
    options: listTowns(county.code)
      .filter(({ code }) => code.startsWith(scope) || scope.startsWith(code))
      .map(({ code, name }) => ({ value: code, label: name })),
  }));
};

const Division = ({ id, kind, value, onChange }: InputProps) => {
  const { t } = useTranslation('person');
  const towns = useTownOptions();
  return (
    <Select
      {...(id !== undefined && { id })}
      aria-label={t(`fact.kind.${kind}`)}
      showSearch={{ optionFilterProp: 'label' }}
      options={towns}
      value={(value as string | undefined) ?? null}
      onChange={(code: string | null) => onChange?.(code ?? undefined)}
    />
  );
};

const Certificate = ({ value, onChange }: InputProps) => {
  const { t } = useTranslation('person');
  const now = (value ?? {}) as { category?: number; grade?: number };
  const set = (change: object) => onChange?.({ ...now, ...change });
  const numbers = <T extends string>(all: readonly T[], label: (one: T) => string) =>
    all.map((one) => ({ value: Number(one), label: label(one) }));
  return (
    <Space wrap>
      <Select
        className="kt-short"
        aria-label={t('fact.category')}
        placeholder={t('fact.category')}
        options={numbers(categories, (one) => t(`fact.categories.${one}`))}
        value={now.category ?? null}
        onChange={(category) => set({ category })}
      />
      <Select
        className="kt-short"
        aria-label={t('fact.grade')}
        placeholder={t('fact.grade')}
        options={numbers(grades, (one) => t(`fact.grades.${one}`))}
        value={now.grade ?? null}
        onChange={(grade) => set({ grade })}
      />
      <None value={value} {...(onChange && { onChange })} />
    </Space>
  );
};

/** 没有: known to be none, which is not the same as not known. */
const None = ({ value, onChange }: Pick<InputProps, 'value' | 'onChange'>) => {
  const { t } = useTranslation('person');
  return (
    <Button type={value === null ? 'primary' : 'default'} onClick={() => onChange?.(null)}>
      {t('fact.none')}
    </Button>
  );
};

const Guardian = ({ value, onChange }: InputProps) => {
  const { t } = useTranslation('person');
  const now = (value ?? {}) as { name?: string; relation?: string };
  const line = (key: 'name' | 'relation', label: string) => (
    <Input
      className="kt-short"
      aria-label={label}
      placeholder={label}
      maxLength={40}
      value={now[key] ?? ''}
      onChange={({ target }) => onChange?.({ ...now, [key]: target.value })}
    />
  );
  return (
    <Space wrap>
      {line('name', t('fact.guardianName'))}
      {line('relation', t('fact.guardianRelation'))}
      <None value={value} {...(onChange && { onChange })} />
    </Space>
  );
};

const Diagnosis = ({ value, onChange }: InputProps) => {
  const { t } = useTranslation('person');
  return (
    <Space wrap>
      <Input
        className="kt-short"
        aria-label={t('fact.diagnosisCode')}
        placeholder={t('fact.diagnosisCode')}
        maxLength={10}
        value={(value as { code?: string } | null | undefined)?.code ?? ''}
        onChange={({ target }) => onChange?.(target.value === '' ? undefined : { code: target.value })}
      />
      <None value={value} {...(onChange && { onChange })} />
    </Space>
  );
};

const Opinion = ({ id, value, onChange }: InputProps) => {
  const { t } = useTranslation('person');
  return (
    <Radio.Group
      {...(id !== undefined && { id })}
      optionType="button"
      value={(value as { fit?: boolean } | undefined)?.fit}
      options={[
        { value: true, label: t('fact.fit') },
        { value: false, label: t('fact.unfit') },
      ]}
      onChange={({ target }) => onChange?.({ fit: target.value as boolean })}
    />
  );
};

/** The input of a kind's value. */
export const FactValueInput = (props: InputProps) => {
  const { id, kind, value, onChange } = props;
  const choices = useChoices(kind);
  if (choices)
    return (
      <Radio.Group
        {...(id !== undefined && { id })}
        optionType="button"
        value={value}
        options={[...choices]}
        onChange={({ target }) => onChange?.(target.value)}
      />
    );
  if (kind === 'birthDate')
    return (
      <DayInput
        {...(id !== undefined && { id })}
        value={(value as string | undefined) ?? null}
        onChange={(day) => onChange?.(day)}
      />
    );
  if (kind === 'householdDivision' || kind === 'residenceDivision') return <Division {...props} />;
  if (kind === 'certificate') return <Certificate {...props} />;
  if (kind === 'guardian') return <Guardian {...props} />;
  if (kind === 'medicalOpinion') return <Opinion {...props} />;
  return <Diagnosis {...props} />;
};
