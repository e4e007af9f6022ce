/** Numbers from a seed, the same on every machine: whatever is drawn by chance repeats exactly. Mulberry32 (T. Ettinger, public domain). */
export interface SeededRandom {
  /** From 0 up to but not including 1. */
  next(): number;
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** `count` of the numbers 0 to `size − 1`, in ascending order, each choice equally likely. */
export function sampleOf(size: number, count: number, random: SeededRandom): Int32Array {
  const chosen = new Int32Array(count);
  let taken = 0;
  for (let index = 0; index < size && taken < count; index++) {
    if (random.next() * (size - index) < count - taken) chosen[taken++] = index;
  }
  return chosen;
}
