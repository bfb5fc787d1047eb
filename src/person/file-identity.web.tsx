// Identity on the file: masked, shown in full for a purpose; and the records that are linked to it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fullNameOfDivision } from '../network/division.ts';
import { client } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { Pairs } from '../web/parts.tsx';
import { nameOfOrigin } from './fact.ts';
import type { Revealed } from './file-page.ts';
import type { FilePageData } from './file-page.web.tsx';
import { RevealButton } from './reveal.web.tsx';
import { UnlinkButton } from './unlink.web.tsx';

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
        {level === 'full' && (
          <RevealButton
            ask={(purpose) => client.person.reveal({ person: id, purpose })}
            shown={shown}
            onShown={setShown}
          />
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
