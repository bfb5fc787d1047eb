// One instrument to be answered: items with large targets, how many are answered, and the score as it grows.
import './assessment.css';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import {
  type Answers,
  type Instrument,
  type InstrumentItem,
  optionsOf,
  scoreAnswers,
  warnUnsuited,
} from './instrument.ts';

interface ItemProps {
  readonly instrument: Instrument;
  readonly item: InstrumentItem;
  readonly value: number | undefined;
  readonly onPick: (value: number) => void;
}

const Item = ({ instrument, item, value, onPick }: ItemProps) => {
  const { notApplicable } = instrument;
  const choices = [...optionsOf(instrument, item), ...(notApplicable ? [notApplicable] : [])];
  return (
    <fieldset className="kt-item">
      <legend>
        {item.text}
        {item.hint !== undefined && <div className="kt-quiet">{item.hint}</div>}
      </legend>
      <div className="kt-answers">
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name={`${instrument.id}.${item.code}`}
              checked={value === choice.value}
              onChange={() => onPick(choice.value)}
            />
            {choice.text}
          </label>
        ))}
      </div>
    </fieldset>
  );
};

/** How far the answers are, and the score once enough of them count. */
export const ScoreLine = ({ instrument, answers }: { instrument: Instrument; answers: Answers }) => {
  const { t } = useTranslation('assessment');
  const { total, band } = scoreAnswers(instrument, answers);
  const done = Object.keys(answers).length;
  const score =
    total === undefined ? t('form.unscored') : [t('form.score', { total }), band].filter(Boolean).join('，');
  return (
    <span className="kt-quiet" aria-live="polite">
      {t('form.answered', { done, total: instrument.items.length })}
      {done > 0 && `；${score}`}
    </span>
  );
};

interface InstrumentSectionProps {
  readonly instrument: Instrument;
  readonly answers: Answers;
  /** Whole years; undefined when not known. */
  readonly age: number | undefined;
  readonly open: boolean;
  readonly onChange: (answers: Answers) => void;
}

export const InstrumentSection = ({ instrument, answers, age, open, onChange }: InstrumentSectionProps) => {
  const { t } = useTranslation('assessment');
  const warning = warnUnsuited(instrument, age);
  return (
    <details className="kt-instrument" open={open}>
      <summary>
        {instrument.title} <ScoreLine instrument={instrument} answers={answers} />
      </summary>
      <div className="kt-instrument-body">
        {warning !== undefined && <Alert type="warning" showIcon title={warning} className="kt-problem" />}
        <p className="kt-quiet">
          {t('form.period', { period: instrument.period })}。{instrument.about}
        </p>
        {instrument.items.map((item) => (
          <Item
            key={item.code}
            instrument={instrument}
            item={item}
            value={answers[item.code]}
            onPick={(value) => onChange({ ...answers, [item.code]: value })}
          />
        ))}
        <p className="kt-quiet">
          {t('form.source', { text: instrument.sources.join('；') })}。{t('form.licence', { text: instrument.licence })}
        </p>
      </div>
    </details>
  );
};
