// One batch of data between departments: what it holds, its receipt, and downloading, receipting or voiding it.
import '../person/person.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Flex, Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Id } from '../kernel/contract.ts';
import { ExportButton } from '../oversight/export-button.web.tsx';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { formatInstant } from '../web/format.ts';
import { PageHead } from '../web/page-head.tsx';
import { Pairs } from '../web/parts.tsx';
import { ReasonButton } from '../web/reason-button.tsx';
import { usePathParams } from '../web/search-state.ts';
import { type ExchangeView, exchangeReceived } from './exchange.ts';

const Path = z.object({ exchange: Id });

const ReceiptButton = ({ exchange }: { exchange: string }) => {
  const { t } = useTranslation('exchange');
  return (
    <FormButton
      label={t('receive')}
      hint={t('receiveHint')}
      schema={exchangeReceived.body}
      call={client.exchange.receive}
      inputOf={(values) => ({ ...values, exchange })}
    >
      <Field name="rows" label={t('counted')}>
        <InputNumber min={0} precision={0} />
      </Field>
      <Field name="remark" label={t('remark')} help={t('remarkHelp')}>
        <Input.TextArea rows={2} maxLength={300} />
      </Field>
    </FormButton>
  );
};

const VoidButton = ({ exchange }: { exchange: string }) => {
  const { t } = useTranslation('exchange');
  const navigate = useNavigate();
  return (
    <ReasonButton
      label={t('void')}
      hint={t('voidHint')}
      reason={t('reason')}
      call={client.exchange.void}
      input={{ exchange }}
      onDone={() => void navigate({ to: '/exchanges', replace: true })}
    />
  );
};

const useReceipt = () => {
  const { t } = useTranslation('exchange');
  return ({ receivedOn, receivedRows, receivedBy, rows }: ExchangeView): string => {
    if (receivedOn === null) return t('noReceipt');
    const told = t('receiptOf', { day: receivedOn, by: receivedBy, rows: receivedRows });
    return `${told}（${t(receivedRows === rows ? 'agree' : 'differ')}）`;
  };
};

const ExchangePage = () => {
  const { t } = useTranslation('exchange');
  const { exchange } = usePathParams(Path);
  const { data } = useSuspenseQuery(api.exchange.get.queryOptions({ input: { exchange } }));
  const receiptOf = useReceipt();
  return (
    <>
      <PageHead />
      <Flex vertical gap="middle">
        <section className="kt-section">
          <Pairs
            pairs={[
              [t('month'), data.month],
              [t('from'), t(`department.${data.sender}`)],
              [t('toWhom'), t(`department.${data.receiver}`)],
              [t('what'), t(`kind.${data.kind}`)],
              [t('rows'), String(data.rows)],
              [t('columns'), data.columns.join('、')],
              [t('purpose'), data.purpose],
              [t('sentAt'), `${formatInstant(data.sentAt)}　${data.sentBy}`],
              [t('receipt'), receiptOf(data)],
              [t('remark'), data.remark],
              [
                t('hash'),
                <span key="hash" className="kt-hash">
                  {data.hash}
                </span>,
              ],
            ]}
          />
          {!data.kept && <p className="kt-quiet">{t('notKept')}</p>}
        </section>
        <Flex wrap gap="small" className="kt-no-print">
          {data.mayReceive && data.kept && (
            <ExportButton
              label={t('download')}
              hint={t('downloadHint')}
              call={(purpose) => client.exchange.download({ exchange, purpose })}
            />
          )}
          {data.mayReceive && <ReceiptButton exchange={exchange} />}
          {data.mayVoid && <VoidButton exchange={exchange} />}
        </Flex>
      </Flex>
    </>
  );
};
export default ExchangePage;
