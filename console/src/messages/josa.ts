/** Korean particles follow the sound before them: `josa('국가', '을/를')` is `국가를`. */
const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const FINALS = 28;
/** The final ㄹ takes 로, not 으로. */
const RIEUL = 8;

type Ending = 'open' | 'closed' | 'rieul';

/** How a digit is read aloud: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const DIGITS: readonly Ending[] = [
  ...(['closed', 'rieul', 'open', 'closed', 'open'] as const),
  ...(['open', 'closed', 'rieul', 'rieul', 'open'] as const),
];
/** Latin letters whose Korean name, or whose sound at a word's end, closes: L, M, N, R are read 엘, 엠, 엔, 알. */
const CLOSED_LETTERS: ReadonlyMap<string, Ending> = new Map([
  ['l', 'rieul'],
  ['r', 'rieul'],
  ['m', 'closed'],
  ['n', 'closed'],
]);

function endingOf(word: string): Ending | undefined {
  const last = [...word].filter((character) => /[\p{L}\p{N}]/u.test(character)).at(-1);
  if (last === undefined) return undefined;
  const code = last.codePointAt(0) as number;
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const final = (code - HANGUL_FIRST) % FINALS;
    return final === 0 ? 'open' : final === RIEUL ? 'rieul' : 'closed';
  }
  if (/[0-9]/.test(last)) return DIGITS[Number(last)];
  if (/[a-z]/i.test(last)) return CLOSED_LETTERS.get(last.toLowerCase()) ?? 'open';
  return undefined;
}

export type Particle = '을/를' | '이/가' | '은/는' | '과/와' | '으로/로';

/** The particle alone. Of a sound that isn't known both stand there, as in print: `을(를)`. */
export function particleFor(word: string, particle: Particle): string {
  const [closed, open] = particle.split('/') as [string, string];
  const ending = endingOf(word);
  if (ending === undefined) return `${closed}(${open})`;
  if (ending === 'rieul' && particle === '으로/로') return open;
  return ending === 'open' ? open : closed;
}

export const josa = (word: string, particle: Particle): string => `${word}${particleFor(word, particle)}`;
