// A button whose form opens over the page: for an act that needs a reason, a day, a purpose.
import { Button, Form, type FormInstance, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import { SchemaForm } from './form.tsx';
import { useOperation } from './operation.ts';

interface FormButtonProps<T extends object, I extends { id: string }, O> {
  readonly label: string;
  /** Of the window; the button's label where that says enough. */
  readonly title?: string;
  readonly hint?: ReactNode;
  readonly size?: 'small' | 'middle';
  readonly danger?: boolean;
  readonly schema: z.ZodType<T>;
  readonly initial?: Partial<NoInfer<T>>;
  readonly call: (input: I) => Promise<O>;
  /** What the operation is given, but for its `id`. */
  readonly inputOf: (values: T) => Omit<NoInfer<I>, 'id'>;
  /** After the window has closed. */
  readonly onDone?: (output: O) => void;
  readonly submitLabel?: string;
  readonly children?: ReactNode | ((form: FormInstance) => ReactNode);
}

export const FormButton = <T extends object, I extends { id: string }, O>(props: FormButtonProps<T, I, O>) => {
  const {
    label,
    title = label,
    size = 'middle',
    danger = false,
    hint,
    schema,
    initial,
    inputOf,
    onDone,
    submitLabel = label,
    children,
  } = props;
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const operation = useOperation(props.call, {
    form,
    onDone: (output) => {
      setOpen(false);
      onDone?.(output);
    },
  });
  return (
    <>
      <Button size={size} danger={danger} className="kt-no-print" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal title={title} open={open} footer={null} destroyOnHidden onCancel={() => setOpen(false)}>
        {hint !== undefined && <p className="kt-quiet">{hint}</p>}
        <SchemaForm
          schema={schema}
          form={form}
          initial={initial ?? {}}
          onSubmit={(values) => operation.run(inputOf(values))}
          problem={operation.problem}
          busy={operation.busy}
          submitLabel={submitLabel}
        >
          {typeof children === 'function' ? children(form) : children}
        </SchemaForm>
      </Modal>
    </>
  );
};
