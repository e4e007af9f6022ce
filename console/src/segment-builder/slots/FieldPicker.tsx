/** Loaded when somebody first chooses a field. */
import { type ComponentProps, lazy, Suspense } from 'react';

const FieldSearch = lazy(async () => ({ default: (await import('./FieldSearch.tsx')).FieldSearch }));

export const FieldPicker = (props: ComponentProps<typeof FieldSearch>) => (
  <Suspense fallback={<div className="field-picker" />}>
    <FieldSearch {...props} />
  </Suspense>
);
