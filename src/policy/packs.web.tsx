// Which packs hold in the place, since when and by whose decision, and the record of what was adopted and withdrawn.
import './policy.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { nameOfDivision } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { formatInstant } from '../web/format.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Timeline } from '../web/parts.tsx';
import { AdoptionReason } from './adoption-fields.ts';
import type { DecisionView, StandingPackView } from './policy.api.ts';

const Withdrawal = z.object({ fromOn: Day, reason: AdoptionReason });

/** Whether the reader's office decides which documents hold: of a county or a city. */
export const useDecides = (): boolean => {
  const { role, scope } = useMe();
  return role === 'civilAffairs' && scope.length >= 4 && scope.length <= 6;
};

const save = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};

const PackActions = ({ pack }: { pack: StandingPackView }) => {
  const { t } = useTranslation('policy');
  const { scope, clock } = useMe();
  const decides = useDecides();
  const [withdrawn, setWithdrawn] = useState(false);
  const download = async () => {
    const { text, version } = await client.policy.text({ pack: pack.id });
    save(`${pack.id}-${version}.yaml`, text);
  };
  return (
    <p className="kt-no-print">
      <Button size="small" onClick={() => void download()}>
        {t('packs.download')}
      </Button>{' '}
      {decides && !pack.areas.includes('*') && (
        <FormButton
          label={t('packs.withdraw')}
          title={t('packs.withdrawTitle', { name: pack.name })}
          hint={t('packs.withdrawHint')}
          size="small"
          danger
          schema={Withdrawal}
          initial={{ fromOn: clock.today }}
          call={client.policy.withdraw}
          inputOf={(values) => ({ ...values, pack: pack.id, areas: [scope] })}
          onDone={() => setWithdrawn(true)}
        >
          <OnDayField name="fromOn" label={t('packs.fromOn')} until="any" notBefore={pack.period.from} />
          <Field name="reason" label={t('packs.reason')}>
            <Input maxLength={200} />
          </Field>
        </FormButton>
      )}
      {withdrawn && <Alert role="status" type="success" showIcon title={t('packs.withdrawDone')} />}
    </p>
  );
};

const Pack = ({ pack }: { pack: StandingPackView }) => {
  const { t } = useTranslation('policy');
  const { period, decided } = pack;
  const kinds = Object.entries(pack.rules).map(([kind, count]) => t(`packs.kinds.${kind}` as never, { count }));
  return (
    <li>
      <h2>
        {pack.name} <Lapsed endedOn={pack.lapsed ? period.to : undefined} />
      </h2>
      <p>
        {t('packs.since', { day: pack.sinceOn })}；
        {decided === null
          ? t('packs.shipped')
          : t('packs.adopted', {
              by: nameOfDivision(decided.by),
              on: formatInstant(decided.at),
              reason: decided.reason,
            })}
      </p>
      <p>{kinds.join('，')}</p>
      <p className="kt-quiet">
        {period.to === undefined ? t('packs.noEnd', period) : t('packs.until', { from: period.from, to: period.to })}；
        {t('packs.version', { version: pack.version })}
      </p>
      {pack.newer && <Alert type="info" showIcon title={t('packs.newer')} />}
      <PackActions pack={pack} />
    </li>
  );
};

const History = ({ decisions }: { decisions: readonly DecisionView[] }) => {
  const { t } = useTranslation('policy');
  if (decisions.length === 0) return <p className="kt-quiet">{t('packs.historyNone')}</p>;
  return (
    <Timeline
      entries={decisions.map(({ id, name, version, areas, fromOn, decided }) => ({
        id,
        on: fromOn,
        title: (
          <>
            <Tag color={version === null ? 'error' : 'success'}>
              {t(version === null ? 'packs.withdrawn' : 'packs.adoptedShort')}
            </Tag>{' '}
            {name}（{areas.map(nameOfDivision).join('、')}）
          </>
        ),
        detail: [
          t('packs.adopted', { by: nameOfDivision(decided.by), on: formatInstant(decided.at), reason: decided.reason }),
          version === null ? '' : t('packs.version', { version }),
        ]
          .filter(Boolean)
          .join('；'),
        tone: version === null ? 'bad' : 'good',
      }))}
    />
  );
};

const PacksPage = () => {
  const { t } = useTranslation('policy');
  const decides = useDecides();
  const { data } = useSuspenseQuery(api.policy.packs.queryOptions({ input: {} }));
  return (
    <>
      <PageHead
        intro={t('packs.intro')}
        action={
          decides && (
            <ButtonLink type="primary" path="/policy/packs/try">
              {t('packs.open')}
            </ButtonLink>
          )
        }
      />
      {data.standing.length === 0 ? (
        <EmptyState title={t('packs.none')} hint={t('packs.noneHint')} />
      ) : (
        <ul className="kt-packs">
          {data.standing.map((pack) => (
            <Pack key={pack.id} pack={pack} />
          ))}
        </ul>
      )}
      <h2>{t('packs.history')}</h2>
      <History decisions={data.decisions} />
    </>
  );
};
export default PacksPage;
