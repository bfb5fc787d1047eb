// Identity on the file: masked, shown in full for a purpose; and the records that are linked to it.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { fullNameOfDivision } from '../network/division.ts';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { Pairs } from '../web/parts.tsx';
import { nameOfOrigin } from './fact.ts';
import type { Revealed } from './file-page.ts';
import type { FilePageData } from './file-page.web.tsx';
import { UnlinkButton } from './unlink.web.tsx';

const Purpose = z.object({ purpose: z.string().trim().min(2).max(100) });
const purposes = ['check', 'contact', 'paper'] as const;

const RevealButton = ({ person, onShown }: { person: string; onShown: (shown: Revealed) => void }) => {
  const { t } = useTranslation('person');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const reveal = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) => client.person.reveal({ person, purpose }),
    onSuccess: (shown) => {
      onShown(shown);
      setOpen(false);
    },
  });
  return (
    <>
      <Button size="small" className="kt-no-print" onClick={() => setOpen(true)}>
        {t('file.reveal')}
      </Button>
      <Modal open={open} title={t('file.reveal')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <p>{t('file.purposeHint')}</p>
        <SchemaForm
          schema={Purpose}
          form={form}
          onSubmit={(values) => reveal.mutateAsync(values).catch(() => undefined)}
          problem={reveal.error ?? undefined}
          busy={reveal.isPending}
          submitLabel={t('file.show')}
        >
          <Field name="purpose" label={t('file.purpose')}>
            <Select
              options={purposes.map((key) => ({ value: t(`file.purposes.${key}`), label: t(`file.purposes.${key}`) }))}
            />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};

export const IdentitySection = ({ data }: { data: FilePageData }) => {
  const { t } = useTranslation('person');
  const [shown, setShown] = useState<Revealed>();
  const { identity, id, level } = data;
  const guardian = shown ? shown.guardian : identity.guardian;
  const guardianPhone = shown?.guardian?.phone;
  const age = identity.age === null ? [] : [t('people.ageOf', { count: identity.age })];
  return (
    <section className="kt-section">
      <header>
        <h2>{t('file.identity')}</h2>
        {level === 'full' && !shown && <RevealButton person={id} onShown={setShown} />}
        {shown && (
          <Button size="small" className="kt-no-print" onClick={() => setShown(undefined)}>
            {t('file.hide')}
          </Button>
        )}
      </header>
      <Pairs
        pairs={[
          [t('people.name'), shown?.name ?? identity.name],
          [t('file.sexAge'), [t(`sex.${identity.sex}`), ...age].join('，')],
          [t('file.birthDate'), identity.birthDate],
          [t('file.idNumber'), shown?.idNumber ?? identity.idNumber],
          [t('file.certificateNumber'), shown?.certificateNumber ?? identity.certificateNumber],
          [t('file.phone'), shown?.phone ?? identity.phone],
          [t('file.area'), identity.town && `${fullNameOfDivision(identity.town)}${identity.village ?? ''}`],
          [t('file.address'), shown?.address ?? (identity.hasAddress ? t('file.addressHidden') : null)],
          [t('file.household'), identity.householdDivision && fullNameOfDivision(identity.householdDivision)],
          [
            t('file.guardian'),
            guardian && [guardian.name, guardian.relation, guardianPhone].filter(Boolean).join('，'),
          ],
          [t('file.listedOn'), identity.listedOn],
        ]}
      />
    </section>
  );
};

export const Linked = ({ data }: { data: FilePageData }) => {
  const { t } = useTranslation('person');
  const { role } = useMe();
  if (data.linked.length === 0) return null;
  return (
    <section className="kt-section">
      <h2>{t('file.linked')}</h2>
      <ul className="kt-visits">
        {data.linked.map((one) => (
          <li key={one.id}>
            <PageLink path={`/persons/${one.id}`}>{one.name}</PageLink>{' '}
            {[t(`sex.${one.sex}`), one.birthDate, one.idNumber, ...one.sources.map(nameOfOrigin)]
              .filter(Boolean)
              .join('，')}{' '}
            {role === 'civilAffairs' && <UnlinkButton person={data.id} other={one.id} />}
          </li>
        ))}
      </ul>
    </section>
  );
};
