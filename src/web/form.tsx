// Forms checked by the operation's own zod schema: required marks, messages beside the fields and in a summary, days as text.
import { Alert, Button, DatePicker, Form, type FormInstance, Input, Radio, Select } from 'antd';
import dayjs from 'dayjs';
import {
  cloneElement,
  createContext,
  isValidElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { fieldSchema, isRequired, type NamePath, pathOf, withLabel, withoutBlanks } from './form-schema.ts';
import { useToday } from './me.ts';
import { ProblemAlert } from './message.tsx';
import { toFieldErrors } from './problem.ts';

interface FormScope {
  readonly schema: z.ZodType;
  readonly labels: Map<string, string>;
}

const Scope = createContext<FormScope | undefined>(undefined);

const useScope = (): FormScope => {
  const scope = useContext(Scope);
  if (scope === undefined) throw new Error('a Field stands outside SchemaForm');
  return scope;
};

interface Fault {
  readonly name: NamePath;
  readonly text: string;
}

interface FaultLineProps {
  readonly fault: Fault;
  readonly onPick: (name: NamePath) => void;
}

/** A fault in words, and the way to its field where the form has it. */
const FaultLine = ({ fault: { name, text }, onPick }: FaultLineProps) => {
  const { labels } = useScope();
  const label = labels.get(pathOf(name));
  if (label === undefined) return text;
  return (
    <a
      href={`#${pathOf(name)}`}
      onClick={(event) => {
        event.preventDefault();
        onPick(name);
      }}
    >
      {withLabel(label, text)}
    </a>
  );
};

const ErrorSummary = ({ faults, onPick }: { faults: readonly Fault[]; onPick: (name: NamePath) => void }) => {
  const { t } = useTranslation();
  if (faults.length === 0) return null;
  const items = faults.map((fault) => (
    <li key={pathOf(fault.name) + fault.text}>
      <FaultLine fault={fault} onPick={onPick} />
    </li>
  ));
  return (
    <Alert
      role="alert"
      type="error"
      className="kt-problem kt-error-summary"
      title={t('error.fields')}
      description={<ul className="kt-list">{items}</ul>}
    />
  );
};

interface SchemaFormProps<T extends object> {
  /** The operation's input without `id`. */
  readonly schema: z.ZodType<T>;
  readonly form: FormInstance;
  readonly initial?: Partial<NoInfer<T>>;
  /** Called with what the schema made of the values; empty fields are absent. */
  readonly onSubmit: (values: T) => Promise<unknown>;
  /** `problem` and `busy` of `useOperation`. */
  readonly problem?: Error | undefined;
  readonly busy?: boolean;
  readonly submitLabel?: string;
  /** Further buttons beside the submit button. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export const SchemaForm = <T extends object>(props: SchemaFormProps<T>) => {
  const { t } = useTranslation();
  const { schema, form, initial = {}, onSubmit, problem, busy = false } = props;
  const labels = useRef(new Map<string, string>());
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const submit = async (values: object) => {
    const parsed = schema.safeParse(withoutBlanks(values));
    if (parsed.success) {
      setFaults([]);
      await onSubmit(parsed.data);
      return;
    }
    const issues = parsed.error.issues.map(({ path, message }) => ({
      name: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
      text: message,
    }));
    form.setFields(toFieldErrors(Object.fromEntries(issues.map(({ name, text }) => [pathOf(name), text]))));
    setFaults(issues);
  };
  const pick = (name: NamePath) => form.scrollToField([...name], { focus: true, block: 'center' });
  return (
    <Scope value={{ schema, labels: labels.current }}>
      <Form
        form={form}
        className="kt-form"
        layout="vertical"
        scrollToFirstError={{ focus: true, block: 'center' }}
        initialValues={initial}
        onFinish={(values: object) => void submit(values)}
        onFinishFailed={({ errorFields }) =>
          setFaults(errorFields.flatMap(({ name, errors }) => errors.map((text) => ({ name, text }))))
        }
      >
        <ErrorSummary faults={faults} onPick={pick} />
        {props.children}
        {faults.length === 0 && (
          <ProblemAlert
            problem={problem}
            renderField={(path, text) =>
              toFieldErrors({ [path]: text }).map(({ name }) => (
                <FaultLine key={path} fault={{ name, text }} onPick={pick} />
              ))
            }
          />
        )}
        <div className="kt-form-actions">
          <Button type="primary" htmlType="submit" loading={busy}>
            {props.submitLabel ?? t('form.submit')}
          </Button>
          {props.actions}
        </div>
      </Form>
    </Scope>
  );
};

interface FieldProps {
  readonly name: string | NamePath;
  readonly label: string;
  readonly help?: ReactNode;
  /** What to say when it is required and empty, where "please fill in" would be the wrong words. */
  readonly missing?: string;
  /** `checked` for a checkbox or switch. */
  readonly valueName?: string;
  /** The input; absent: one line of text. */
  readonly children?: ReactElement;
}

/** A label's `for` names a single control; a group of buttons has to be told its name. */
const named = (input: ReactElement, label: string): ReactElement =>
  isValidElement<{ 'aria-label'?: string }>(input) && input.type === Radio.Group
    ? cloneElement(input, { 'aria-label': label })
    : input;

const isChoice = (input: ReactElement | undefined): boolean =>
  input !== undefined && [Select, Radio.Group, DayInput].some((type) => type === input.type);

/** One field: whether it is required and what is wrong with it come from the schema at `name`. */
export const Field = ({ name, label, help, missing, valueName, children }: FieldProps) => {
  const { t } = useTranslation();
  const { schema, labels } = useScope();
  const path = typeof name === 'string' ? [name] : [...name];
  const own = fieldSchema(schema, path);
  const required = own !== undefined && isRequired(own);
  labels.set(pathOf(path), label);
  const check = async (_rule: unknown, value: unknown) => {
    const filled = withoutBlanks(value);
    if (filled === undefined) {
      if (required) throw new Error(missing ?? t(isChoice(children) ? 'form.choose' : 'form.required', { label }));
      return;
    }
    const issue = own?.safeParse(filled).error?.issues[0];
    if (issue !== undefined) throw new Error(withLabel(label, issue.message));
  };
  return (
    <Form.Item
      name={path}
      label={label}
      required={required}
      rules={[{ validator: check }]}
      // What is chosen is whole at once; what is typed, only when one leaves it.
      validateTrigger={valueName !== undefined || isChoice(children) ? ['onChange', 'onBlur'] : 'onBlur'}
      extra={help}
      {...(valueName !== undefined && { valuePropName: valueName })}
    >
      {children === undefined ? <Input /> : named(children, label)}
    </Form.Item>
  );
};

const dayFormat = 'YYYY-MM-DD';

interface DayInputProps {
  readonly id?: string;
  readonly value?: string | null;
  readonly onChange?: (day: string | undefined) => void;
  readonly onBlur?: () => void;
  readonly notBefore?: string | undefined;
  readonly notAfter?: string | undefined;
}

/** A day as 'YYYY-MM-DD' text in and out: no instant and no time zone ever takes part. */
export const DayInput = ({ value, onChange, notBefore, notAfter, ...rest }: DayInputProps) => (
  <DatePicker
    {...rest}
    className="kt-day"
    format={dayFormat}
    value={value ? dayjs(value, dayFormat) : null}
    onChange={(day) => onChange?.(day?.format(dayFormat))}
    disabledDate={(day) => {
      const text = day.format(dayFormat);
      return (notBefore !== undefined && text < notBefore) || (notAfter !== undefined && text > notAfter);
    }}
  />
);

interface OnDayFieldProps extends Pick<FieldProps, 'name' | 'label' | 'help'> {
  readonly notBefore?: string;
  /** Default `today` (the server's): what happened cannot lie in the future. `any` for plans. */
  readonly until?: 'today' | 'any';
}

/** The day something happened, or is planned for. */
export const OnDayField = ({ notBefore, until = 'today', ...field }: OnDayFieldProps) => {
  const today = useToday();
  return (
    <Field {...field}>
      <DayInput notBefore={notBefore} notAfter={until === 'today' ? today : undefined} />
    </Field>
  );
};
