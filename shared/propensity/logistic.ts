/** Between probabilities and margins (log odds). */
export const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));
export const logit = (probability: number): number => Math.log(probability / (1 - probability));
/** log(1 + e^margin) without overflow. */
export const softplus = (margin: number): number => Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
