// Which session it is and how it was held: a choice of the site's groups, and the details behind one button.
import { Button, Input, InputNumber, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { DayInput } from '../web/form.tsx';
import { useMe, useToday } from '../web/me.ts';
import { useSearchState } from '../web/search-state.ts';
import { rehabilitation, ServiceSelect, servicesOf, useServiceWords } from './service-select.web.tsx';
import type { Roster } from './session.api.ts';
import { Domain } from './session.ts';
import { draftOfGroup, emptyDraft, type RollCallDraft } from './session-form.ts';

interface DraftProps {
  readonly roster: Roster;
  readonly draft: RollCallDraft;
  readonly onChange: (draft: RollCallDraft) => void;
}

/** One large target for each group that the site holds, and for a session that follows none. */
export const SessionChoice = ({ roster, draft, onChange }: DraftProps) => {
  const { t } = useTranslation(['session', 'care']);
  const { user } = useMe();
  const [likely] = roster.groups;
  const [choice, setChoice] = useState(likely !== undefined && likely.lastOn !== roster.on ? '0' : 'group');
  const pick = (value: string) => {
    setChoice(value);
    const group = roster.groups[Number(value)];
    if (group !== undefined) onChange(draftOfGroup(roster, group));
    else if (value === 'group' || value === 'individual' || value === 'home') onChange(emptyDraft(value, user.name));
  };
  const groups = roster.groups.map((group, index) => ({
    value: String(index),
    label: (
      <>
        {t('record.groupOf', {
          title: group.title ?? t(`care:domain.${group.domain}`),
          startAt: group.startAt,
          count: group.persons.length,
        })}
        {group.lastOn === roster.on && <small> {t('record.metToday')}</small>}
      </>
    ),
  }));
  const others = [
    { value: 'group', label: t('record.newGroup') },
    { value: 'individual', label: t('kind.individual') },
    { value: 'home', label: t('kind.home') },
  ];
  return (
    <fieldset className="kt-choice">
      <legend>{t('record.which')}</legend>
      <Radio.Group value={choice} onChange={({ target }) => pick(String(target.value))} data-kind={draft.kind}>
        {[...groups, ...others].map(({ value, label }) => (
          <Radio.Button key={value} value={value}>
            {label}
          </Radio.Button>
        ))}
      </Radio.Group>
    </fieldset>
  );
};

const Labelled = ({ label, children }: { label: string; children: React.ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
  <label className="kt-labelled">
    <span>{label}</span>
    {children}
  </label>
);

const DaySearch = z.object({ organisation: z.uuid().optional(), on: z.iso.date().optional() });

const DetailFields = ({ roster, draft, onChange }: DraftProps) => {
  const { t } = useTranslation(['session', 'care']);
  const today = useToday();
  const [, setSearch] = useSearchState<z.output<typeof DaySearch>>(DaySearch);
  const set = (fields: Partial<RollCallDraft>) => onChange({ ...draft, ...fields });
  return (
    <div className="kt-details-fields">
      <Labelled label={t('field.on')}>
        <DayInput
          value={roster.on}
          notAfter={today}
          onChange={(on) => setSearch({ on: on === today ? undefined : on })}
        />
      </Labelled>
      <Labelled label={t('field.startAt')}>
        <Input type="time" value={draft.startAt} onChange={({ target }) => set({ startAt: target.value })} />
      </Labelled>
      <Labelled label={t('field.minutes')}>
        <InputNumber
          min={5}
          max={480}
          step={15}
          inputMode="numeric"
          value={draft.minutes}
          onChange={(minutes) => minutes !== null && set({ minutes })}
        />
      </Labelled>
      <Labelled label={t('field.domain')}>
        <Select<Domain>
          value={draft.domain}
          options={Domain.options.map((value) => ({ value, label: t(`care:domain.${value}`) }))}
          onChange={(domain) => set({ domain })}
        />
      </Labelled>
      <Labelled label={t('field.standardized')}>
        {roster.otherServices ? (
          <ServiceSelect
            services={servicesOf(roster)}
            value={draft.service ?? rehabilitation}
            onChange={(service) =>
              set(service === rehabilitation ? { standardized: true, service: null } : { standardized: false, service })
            }
          />
        ) : (
          <Select
            value={String(draft.standardized)}
            options={(['true', 'false'] as const).map((value) => ({ value, label: t(`standardized.${value}`) }))}
            onChange={(value) => set({ standardized: value === 'true' })}
          />
        )}
      </Labelled>
      <Labelled label={t('field.leader')}>
        <Input maxLength={40} value={draft.leader} onChange={({ target }) => set({ leader: target.value })} />
      </Labelled>
      <Labelled label={t('field.title')}>
        <Input maxLength={60} value={draft.title} onChange={({ target }) => set({ title: target.value })} />
      </Labelled>
      <Labelled label={t('field.note')}>
        <Input.TextArea maxLength={500} value={draft.note} onChange={({ target }) => set({ note: target.value })} />
      </Labelled>
    </div>
  );
};

/** The details in one line, and all of them behind a button: usually nothing has to be changed. */
export const SessionDetails = (props: DraftProps) => {
  const { t } = useTranslation(['session', 'care']);
  const [open, setOpen] = useState(false);
  const serviceWords = useServiceWords();
  const { roster, draft } = props;
  const summary = [
    t('view.time', { on: roster.on, startAt: draft.startAt, minutes: draft.minutes }),
    t(`care:domain.${draft.domain}`),
    serviceWords(draft),
    draft.leader,
  ];
  return (
    <section className="kt-details">
      <div className="kt-details-head">
        <span>{summary.filter((part) => part !== '').join(' · ')}</span>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'record.changeDone' : 'record.change')}
        </Button>
      </div>
      {open && <DetailFields {...props} />}
    </section>
  );
};
