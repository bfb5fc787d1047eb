// Boxes to tick in a form, without what the form adds for a required input: a group of boxes may not be `aria-required`; its label says so.
import { Checkbox } from 'antd';

interface BoxesProps<V extends string> {
  readonly options: readonly { readonly value: V; readonly label: string }[];
  /** Given by the form's field. */
  readonly id?: string;
  readonly value?: V[];
  readonly onChange?: (ticked: V[]) => void;
}

export const Boxes = <V extends string>({ options, id, value, onChange }: BoxesProps<V>) => (
  <Checkbox.Group<V>
    {...(id !== undefined && { id })}
    {...(value !== undefined && { value })}
    {...(onChange !== undefined && { onChange })}
    options={[...options]}
  />
);
