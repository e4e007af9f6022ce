interface Props {
  readonly label: string;
  /** From 0 to 1; `undefined` while nobody can say. */
  readonly share: number | undefined;
}

export function Progress({ label, share }: Props) {
  return (
    <progress className="progress" aria-label={label} max={1} {...(share === undefined ? {} : { value: share })} />
  );
}
