/** Where evaluators get the rules of a sandbox from. */
import type { CompiledRules } from './compiled-rules.ts';

export interface RulesStore {
  /** The current rules; consistent, so that whoever reads state afterwards never meets older rules than it. */
  current(sandboxName: string): Promise<CompiledRules>;
}
