import type { Checked } from './ast.ts';

export const simplify = (checked: Checked): Checked => checked;
