// A month's exchange between departments: what waits for one's receipt, and how far it has got with each department.
import '../person/person.css';
import './governance.css';
import { useQuery } from '@tanstack/react-query';
import { Flex, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { addMonths, firstDayOf, Month, monthOf } from '../kernel/calendar.ts';
import { County } from '../kernel/contract.ts';
import { listCounties } from '../network/division.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { Department, ExchangeListRow, ExchangeRow, MonthState } from './exchange.ts';
import { ReconcileButton, SendButton, TakeButton, UntakeButton } from './exchange-acts.web.tsx';

const Query = z.object({ month: Month.optional(), county: County.optional() });

const colours: Readonly<Record<MonthState, string>> = {
  nothing: 'default',
  sent: 'processing',
  disputed: 'error',
  received: 'success',
  returned: 'warning',
  reconciled: 'success',
};

/** The last twelve months, the newest first. */
export const useMonths = (): { value: string; label: string }[] => {
  const { clock } = useMe();
  const first = firstDayOf(monthOf(clock.today));
  return Array.from({ length: 12 }, (_, back) => monthOf(addMonths(first, -back))).map((value) => ({
    value,
    label: value,
  }));
};

const BatchLine = ({ batch }: { batch: ExchangeRow }) => {
  const { t } = useTranslation('exchange');
  const { id, month, sender, receiver, kind, rows, sentOn, receivedOn, receivedRows } = batch;
  return (
    <li>
      <PageLink path={`/exchanges/${id}`}>
        {t('batchOf', {
          month,
          rows,
          sender: t(`department.${sender}`),
          receiver: t(`department.${receiver}`),
          kind: t(`kind.${kind}`),
        })}
      </PageLink>
      <span>{t('sentOn', { day: sentOn })}</span>
      {receivedOn === null ? (
        <Tag color="processing">{t('noReceipt')}</Tag>
      ) : (
        <span>
          {t('receivedOn', { day: receivedOn, rows: receivedRows })}{' '}
          <Tag color={receivedRows === rows ? 'success' : 'error'}>{t(receivedRows === rows ? 'agree' : 'differ')}</Tag>
        </span>
      )}
    </li>
  );
};

const ListLine = ({ row, keeps }: { row: ExchangeListRow; keeps: boolean }) => {
  const { t } = useTranslation('exchange');
  const { list, fileName, takenOn, reconciledOn, counts } = row;
  return (
    <li>
      <strong>{fileName ?? t('listName')}</strong>
      <span>{reconciledOn === null ? t('takenOn', { day: takenOn }) : t('reconciledOn', { day: reconciledOn })}</span>
      {counts !== null && <span>{t('counts', counts)}</span>}
      {keeps && (
        <Flex wrap gap="small" className="kt-act">
          {fileName !== null && <PageLink path={`/census/${list}`}>{t('openList')}</PageLink>}
          {reconciledOn === null && <ReconcileButton list={list} />}
          <UntakeButton list={list} />
        </Flex>
      )}
    </li>
  );
};

interface WithDepartment {
  readonly department: Department;
  readonly state: MonthState;
  readonly batches: readonly ExchangeRow[];
  readonly lists: readonly ExchangeListRow[];
}

const DepartmentSection = ({ row, keeps }: { row: WithDepartment; keeps: boolean }) => {
  const { t } = useTranslation('exchange');
  const { department, state, batches, lists } = row;
  return (
    <section className="kt-section">
      <h2>
        {t('with', { department: t(`department.${department}`) })}{' '}
        <Tag color={colours[state]}>{t(`state.${state}`)}</Tag>
      </h2>
      {state === 'nothing' && <p className="kt-quiet">{t('none')}</p>}
      {batches.length > 0 && (
        <ul className="kt-roster" aria-label={t('batches')}>
          {batches.map((batch) => (
            <BatchLine key={batch.id} batch={batch} />
          ))}
        </ul>
      )}
      {lists.length > 0 && (
        <ul className="kt-roster" aria-label={t('lists')}>
          {lists.map((one) => (
            <ListLine key={one.list} row={one} keeps={keeps} />
          ))}
        </ul>
      )}
    </section>
  );
};

const Inbox = () => {
  const { t } = useTranslation('exchange');
  const { data } = useQuery(api.exchange.list.queryOptions({ input: { waiting: true, page: 1, pageSize: 50 } }));
  const rows = data?.rows ?? [];
  return (
    <section className="kt-section">
      <h2>{t('inbox')}</h2>
      {rows.length === 0 ? (
        <p className="kt-quiet">{t('inboxNone')}</p>
      ) : (
        <ul className="kt-roster">
          {rows.map((batch) => (
            <BatchLine key={batch.id} batch={batch} />
          ))}
        </ul>
      )}
    </section>
  );
};

const ExchangesPage = () => {
  const { t } = useTranslation('exchange');
  const { scope, role, clock } = useMe();
  const [{ month = monthOf(clock.today), county: chosen }, change] = useSearchState(Query);
  const counties = listCounties(scope).map(({ code, name }) => ({ value: code, label: name }));
  const county = scope.length >= 6 ? scope : (chosen ?? counties[0]?.value ?? '');
  const query = useQuery({
    ...api.exchange.month.queryOptions({ input: { month, county } }),
    enabled: county.length === 6,
  });
  const own = scope.length === 6;
  const keeps = own && role === 'civilAffairs';
  return (
    <>
      <PageHead intro={t('intro')} />
      <p>
        {t('clause')}：<ClauseChips ids={['CM-07']} />
      </p>
      <Flex vertical gap="middle">
        {own && <Inbox />}
        <Flex wrap gap="small" align="center" className="kt-no-print">
          {!own && (
            <Select
              aria-label={t('county')}
              value={county}
              options={counties}
              popupMatchSelectWidth={false}
              onChange={(value: string) => change({ county: value })}
            />
          )}
          <Select
            aria-label={t('month')}
            value={month}
            options={useMonths()}
            onChange={(value: string) => change({ month: value })}
          />
          {own && role !== 'publicSecurity' && <SendButton month={month} />}
          {keeps && <TakeButton month={month} />}
        </Flex>
        <ProblemAlert problem={query.error ?? undefined} onRetry={() => void query.refetch()} />
        {query.data?.rows.map((row) => (
          <DepartmentSection key={row.department} row={row} keeps={keeps} />
        ))}
      </Flex>
    </>
  );
};
export default ExchangesPage;
