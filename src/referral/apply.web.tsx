// The public application: open to anyone, in plain words, answered with a receipt number.
import { Button, Card, Checkbox, Flex, Form, Input, Radio, Result, Select, Typography } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { countyOf } from '../kernel/access.ts';
import { Area } from '../kernel/contract.ts';
import { cities, nameOfDivision } from '../network/division.ts';
import { client } from '../web/client.ts';
import { DayInput, Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { PublicApplication } from './application.ts';
import { ApplicationFields } from './application-fields.web.tsx';

/** `county` is the name of the one whose civil affairs office has the application now. */
type Receipt = Awaited<ReturnType<typeof client.application.apply>> & { readonly county: string };

/** `?area=5119` on a place's own website leaves out the others. */
const Query = z.object({ area: Area.optional() });

const townOptions = (area: string) =>
  cities
    .flatMap((city) => city.counties)
    .filter(({ code }) => code.startsWith(area))
    .map((county) => ({
      label: county.name,
      options: county.towns.map(({ code, name }) => ({ value: code, label: `${county.name} ${name}` })),
    }));

const PersonFields = () => {
  const { t } = useTranslation('referral');
  const [{ area = '' }] = useSearchState(Query);
  return (
    <>
      <Field name={['identity', 'name']} label={t('person.name')} />
      <Field name={['identity', 'sex']} label={t('person.sex')}>
        <Radio.Group options={(['male', 'female'] as const).map((value) => ({ value, label: t(`sex.${value}`) }))} />
      </Field>
      <Field name={['identity', 'town']} label={t('apply.place')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={townOptions(area)} />
      </Field>
      <Field name={['identity', 'address']} label={t('person.address')} />
      <Field name={['identity', 'idNumber']} label={t('person.idNumber')} help={t('apply.idHelp')}>
        <Input inputMode="text" autoComplete="off" maxLength={18} />
      </Field>
      <Field name={['identity', 'birthDate']} label={t('person.birthDate')} help={t('apply.idHelp')}>
        <DayInput />
      </Field>
    </>
  );
};

const Received = ({ receipt, onAnother }: { receipt: Receipt; onAnother: () => void }) => {
  const { t } = useTranslation('referral');
  const { receiptNumber, dueOn, county } = receipt;
  const top = useRef<HTMLHeadingElement>(null);
  // The form is gone: whoever sees or hears the page goes on at the answer.
  useEffect(() => {
    scrollTo(0, 0);
    top.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="kt-received">
      <Result
        status="success"
        title={
          <h2 ref={top} tabIndex={-1} className="kt-result-title">
            {t('apply.done')}
          </h2>
        }
        subTitle={
          <>
            {t('apply.number')}{' '}
            <Typography.Text strong copyable={{ text: receiptNumber }} className="kt-receipt-number">
              {receiptNumber}
            </Typography.Text>
          </>
        }
      />
      <Card size="small" title={<h2>{t('apply.next')}</h2>}>
        <ol className="kt-list">
          <li>{dueOn === null ? t('apply.reviewNoDue', { county }) : t('apply.review', { county, dueOn })}</li>
          <li>{t('apply.decision')}</li>
          <li>{t('apply.service')}</li>
        </ol>
        <p>{t('apply.ask', { county })}</p>
        <Flex gap="small" className="kt-no-print">
          <PrintButton />
          <Button onClick={onAnother}>{t('apply.another')}</Button>
        </Flex>
      </Card>
    </div>
  );
};

const ApplyForm = ({ onDone }: { onDone: (receipt: Receipt) => void }) => {
  const { t } = useTranslation('referral');
  const [form] = Form.useForm();
  const apply = useOperation(client.application.apply, {
    form,
    onDone: (receipt) =>
      onDone({ ...receipt, county: nameOfDivision(countyOf(String(form.getFieldValue(['identity', 'town'])))) }),
  });
  return (
    <SchemaForm
      schema={PublicApplication}
      form={form}
      onSubmit={apply.run}
      problem={apply.problem}
      busy={apply.busy}
      submitLabel={t('apply.submit')}
    >
      <h2>{t('apply.person')}</h2>
      <PersonFields />
      <h2>{t('apply.applicantSection')}</h2>
      <ApplicationFields phoneHelp={t('apply.phoneHelp')} />
      <Card size="small">{t('apply.notice')}</Card>
      <Field name="informed" label={t('apply.noticeTitle')} valueName="checked" missing={t('apply.informedMissing')}>
        <Checkbox>{t('apply.informed')}</Checkbox>
      </Field>
    </SchemaForm>
  );
};

const ApplyPage = () => {
  const { t } = useTranslation('referral');
  const [receipt, setReceipt] = useState<Receipt>();
  return (
    <>
      <PageHead intro={receipt === undefined ? t('apply.intro') : undefined} />
      {receipt === undefined ? (
        <ApplyForm onDone={setReceipt} />
      ) : (
        <Received receipt={receipt} onAnother={() => setReceipt(undefined)} />
      )}
    </>
  );
};
export default ApplyPage;
