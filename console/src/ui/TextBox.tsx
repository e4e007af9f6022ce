import { type HTMLInputTypeAttribute, useId } from 'react';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly about?: string;
  readonly placeholder?: string;
  readonly type?: HTMLInputTypeAttribute;
  /** Offered while one types; anything else is taken too. */
  readonly choices?: readonly string[];
  readonly required?: boolean;
  readonly min?: number | undefined;
  readonly max?: number | string | undefined;
  readonly code?: boolean;
}

/** A native field: what the browser knows of dates, numbers and lists needs no learning. */
export function TextBox({ label, value, onChange, about, placeholder, choices = [], code, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={code ? 'input code-input' : 'input'}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        {...(choices.length === 0 ? {} : { list: `${id}-choices` })}
        {...(about === undefined ? {} : { 'aria-describedby': `${id}-about` })}
      />
      {choices.length > 0 && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      {about !== undefined && (
        <span id={`${id}-about`} className="about">
          {about}
        </span>
      )}
    </div>
  );
}
