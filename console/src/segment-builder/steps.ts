/** Steps of a sequence: rows of a kind of their own, which stay in their sequence. */
import { type Group, type Id, type Sequence, type Step, walk } from './model.ts';
import { changeSequence, type Way } from './operations.ts';

export function stepOwner(
  root: Group,
  id: Id,
): { readonly sequence: Sequence; readonly step: Step; readonly index: number } | undefined {
  for (const sequence of walk(root)) {
    if (sequence.kind !== 'sequence') continue;
    const index = sequence.steps.findIndex((step) => step.id === id);
    const step = sequence.steps[index];
    if (step !== undefined) return { sequence, step, index };
  }
  return undefined;
}

export function changeStep(root: Group, id: Id, change: (step: Step) => Step): Group {
  const owner = stepOwner(root, id);
  if (owner === undefined) return root;
  return changeSequence(root, owner.sequence.id, (steps) =>
    steps.map((step) => (step.id === id ? change(step) : step)),
  );
}

export function addStep(root: Group, sequenceId: Id, step: Step, index = Number.POSITIVE_INFINITY): Group {
  return changeSequence(root, sequenceId, (steps) => [...steps.slice(0, index), step, ...steps.slice(index)]);
}

export function moveStep(root: Group, id: Id, way: Way): Group {
  const owner = stepOwner(root, id);
  if (owner === undefined) return root;
  const { sequence, step, index } = owner;
  const to = way === 'up' || way === 'out' ? index - 1 : index + 1;
  if (to < 0 || to >= sequence.steps.length) return root;
  return changeSequence(root, sequence.id, (steps) => {
    const rest = steps.filter((one) => one !== step);
    return [...rest.slice(0, to), step, ...rest.slice(to)];
  });
}
