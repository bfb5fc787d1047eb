// One activity or training event: what it was, whom it reached, who took part; correcting and voiding it.
import '../person/person.css';
import './governance.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { Pairs } from '../web/parts.tsx';
import { ReasonButton } from '../web/reason-button.tsx';
import { usePathParams } from '../web/search-state.ts';
import { useReach } from './activities.web.tsx';
import type { ActivityView } from './activity.ts';

const Path = z.object({ activity: Id });

const Attending = ({ attending }: Pick<ActivityView, 'attending'>) => {
  const { t } = useTranslation('governance');
  if (attending.length === 0) return null;
  return (
    <section className="kt-section">
      <h2>{t('activity.staff')}</h2>
      <ul className="kt-roster">
        {attending.map(({ staff, name, hours, credits }) => (
          <li key={staff}>
            <strong>{name}</strong>
            <span>{t('activities.hoursOf', { count: hours })}</span>
            {credits !== null && <span>{t('activity.credits', { count: credits })}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
};

const VoidButton = ({ activity }: { activity: string }) => {
  const { t } = useTranslation('governance');
  const navigate = useNavigate();
  return (
    <ReasonButton
      label={t('activity.void')}
      hint={t('activity.voidHint')}
      reason={t('reason')}
      call={client.activity.void}
      input={{ activity }}
      onDone={() => void navigate({ to: '/activities', replace: true })}
    />
  );
};

const ActivityPage = () => {
  const { t } = useTranslation('governance');
  const { activity: id } = usePathParams(Path);
  const { data } = useSuspenseQuery(api.activity.get.queryOptions({ input: { activity: id } }));
  const reachOf = useReach();
  return (
    <>
      <PageHead title={data.title} />
      <Flex vertical gap="middle">
        <section className="kt-section">
          <Pairs
            pairs={[
              [t('activities.kind'), t(`activityKind.${data.kind}`)],
              [t('activities.heldOn'), data.heldOn],
              [t('activities.hours'), t('activities.hoursOf', { count: data.hours })],
              [t('activities.area'), fullNameOfDivision(data.division)],
              [t('activity.place'), data.place],
              [t('activities.organisation'), data.organisationName],
              [t('activities.reach'), reachOf(data)],
              [t('activity.note'), data.note],
            ]}
          />
        </section>
        <Attending attending={data.attending} />
        {data.mayKeep && (
          <Flex wrap gap="small" className="kt-no-print">
            <ButtonLink path={`/activities/${id}/correct`}>{t('activity.correct')}</ButtonLink>
            <VoidButton activity={id} />
          </Flex>
        )}
      </Flex>
    </>
  );
};
export default ActivityPage;
