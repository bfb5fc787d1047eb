// Trying a document before it is adopted: its mistakes by line, the rules that change and whom they concern, then the decision.
import './policy.css';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Select, Space, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { listCounties, nameOfDivision } from '../network/division.ts';
import { api, client } from '../web/client.ts';
import { Field, OnDayField } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { AdoptionAreas, AdoptionReason } from './adoption-fields.ts';
import { EffectsView } from './effects.web.tsx';
import { useDecides } from './packs.web.tsx';

const Decision = z.object({ areas: AdoptionAreas, fromOn: Day, reason: AdoptionReason });

interface Chosen {
  readonly pack?: string;
  readonly text?: string;
}
type Tried = Awaited<ReturnType<typeof client.policy.try>>;

/** Where a decider's office may adopt: its own area, or single counties of the city. */
const useAreaOptions = () => {
  const { scope } = useMe();
  const codes = scope.length === 6 ? [scope] : [scope, ...listCounties(scope).map(({ code }) => code)];
  return codes.map((value) => ({ value, label: nameOfDivision(value) }));
};

const Mistakes = ({ problems }: Pick<Tried, 'problems'>) => {
  const { t } = useTranslation('policy');
  return (
    <Alert
      className="kt-problem"
      role="alert"
      type="error"
      showIcon
      title={t('packs.problems', { count: problems.length })}
      description={
        <ul className="kt-list">
          {problems.map(({ line, message, hint }) => (
            <li key={`${line} ${message}`}>
              <strong>{t('packs.line', { line })}</strong> {message}
              {hint !== undefined && <div className="kt-quiet">{hint}</div>}
            </li>
          ))}
        </ul>
      }
    />
  );
};

interface AdoptProps {
  readonly chosen: Chosen;
  readonly pack: NonNullable<Tried['pack']>;
}

const Adopt = ({ chosen, pack }: AdoptProps) => {
  const { t } = useTranslation('policy');
  const { scope, clock } = useMe();
  const areas = useAreaOptions();
  const [fromOn, setFromOn] = useState<string>();
  const [first = clock.today] = [pack.period.from, clock.today].sort().reverse();
  if (fromOn !== undefined)
    return <Alert role="status" type="success" showIcon title={t('packs.done', { day: fromOn })} />;
  return (
    <FormButton
      label={t('packs.adopt')}
      title={t('packs.adoptTitle', { name: pack.name })}
      schema={Decision}
      initial={{ areas: [scope], fromOn: first }}
      call={async (input: Parameters<typeof client.policy.adopt>[0]) => {
        await client.policy.adopt(input);
        return input.fromOn;
      }}
      inputOf={(values) => ({ ...values, ...chosen })}
      onDone={setFromOn}
    >
      <Field name="areas" label={t('packs.areas')}>
        <Select mode="multiple" options={areas} />
      </Field>
      <OnDayField name="fromOn" label={t('packs.fromOn')} until="any" notBefore={pack.period.from} />
      <Field name="reason" label={t('packs.reason')}>
        <Input maxLength={200} />
      </Field>
    </FormButton>
  );
};

interface ChooseProps {
  readonly busy: boolean;
  readonly onTry: (chosen: Chosen) => void;
}

const Choose = ({ busy, onTry }: ChooseProps) => {
  const { t } = useTranslation('policy');
  const { data } = useSuspenseQuery(api.policy.packs.queryOptions({ input: {} }));
  const [pack, setPack] = useState<string>();
  const read = async (file: File) => onTry({ text: await file.text() });
  return (
    <section>
      <h2>{t('packs.choose')}</h2>
      <Space wrap className="kt-pack-choice">
        <Select
          aria-label={t('packs.fromProduct')}
          placeholder={t('packs.fromProduct')}
          popupMatchSelectWidth={false}
          style={{ minWidth: '16rem', maxWidth: '100%' }}
          value={pack ?? null}
          options={data.shipped.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(value) => setPack(value ?? undefined)}
        />
        <Button
          type="primary"
          disabled={pack === undefined}
          loading={busy}
          onClick={() => pack !== undefined && onTry({ pack })}
        >
          {t('packs.run')}
        </Button>
        <Upload
          accept=".yaml,.yml"
          showUploadList={false}
          beforeUpload={(file) => {
            void read(file);
            return false;
          }}
        >
          <Button disabled={busy}>{t('packs.upload')}</Button>
        </Upload>
      </Space>
    </section>
  );
};

const PackTryPage = () => {
  const { t } = useTranslation('policy');
  const decides = useDecides();
  const [chosen, setChosen] = useState<Chosen>({});
  const run = useMutation({ mutationFn: (asked: Chosen) => client.policy.try(asked) });
  const tried = run.data;
  return (
    <>
      <PageHead intro={t('packs.tryIntro')} />
      <Choose
        busy={run.isPending}
        onTry={(asked) => {
          setChosen(asked);
          run.mutate(asked);
        }}
      />
      <ProblemAlert problem={run.error ?? undefined} />
      {tried && tried.problems.length > 0 && <Mistakes problems={tried.problems} />}
      {tried?.pack && tried.effects && (
        <section aria-live="polite">
          <h2>{tried.pack.name}</h2>
          <EffectsView effects={tried.effects} />
          {decides && <Adopt key={tried.pack.version} chosen={chosen} pack={tried.pack} />}
        </section>
      )}
    </>
  );
};
export default PackTryPage;
