// A red button for what is taken back with a reason, which is asked in a window.
import { Input } from 'antd';
import { z } from 'zod';
import { Reason } from '../kernel/contract.ts';
import { Field } from './form.tsx';
import { FormButton } from './form-button.tsx';

const Values = z.object({ reason: Reason });

interface ReasonButtonProps<I extends { id: string; reason: string }, O> {
  readonly label: string;
  readonly title?: string;
  readonly hint?: string;
  readonly size?: 'small' | 'middle';
  /** What the reason is called. */
  readonly reason: string;
  readonly call: (input: I) => Promise<O>;
  /** What the operation is given, but for its `id` and the reason. */
  readonly input: Omit<NoInfer<I>, 'id' | 'reason'>;
  readonly onDone?: () => void;
}

export const ReasonButton = <I extends { id: string; reason: string }, O>({
  reason: asked,
  input,
  ...button
}: ReasonButtonProps<I, O>) => (
  <FormButton
    {...button}
    danger
    schema={Values}
    inputOf={({ reason }) => ({ ...input, reason }) as unknown as Omit<I, 'id'>}
  >
    <Field name="reason" label={asked}>
      <Input.TextArea rows={2} maxLength={200} />
    </Field>
  </FormButton>
);
