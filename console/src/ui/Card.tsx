import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** Beside the title: what can be done with the whole of it. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

export function Card({ title, actions, children, wide = false }: Props) {
  const id = useId();
  return (
    <section className={wide ? 'card wide' : 'card'} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
