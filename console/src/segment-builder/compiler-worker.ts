/** The service's own compiler, beside the page: what it says while one types is what the service will say. */
import { compileRule } from './compile-rule.ts';

self.onmessage = ({ data }: MessageEvent<{ readonly id: number; readonly text: string }>) => {
  self.postMessage({ id: data.id, result: compileRule(data.text) });
};
