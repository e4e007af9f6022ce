import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import type { ServiceFunction } from './service-function.ts';
import type { TrainingJob } from './training-job.ts';
import { invoke, WalkStateMachine } from './walk-state-machine.ts';

interface PropensityStateMachineProps {
  readonly settings: StageSettings;
  readonly planPropensity: ServiceFunction;
  readonly collectTrainingRows: ServiceFunction;
  readonly trainPropensity: ServiceFunction;
  readonly scoreRange: ServiceFunction;
  readonly finishPropensity: ServiceFunction;
  /** Where a training of many rows goes, if the stage has such a place. */
  readonly trainingJob?: TrainingJob;
}

/** A run: rows from everybody, a model of them, and everybody's score by it. What the steps say is in the bucket. */
export class PropensityStateMachine extends WalkStateMachine {
  constructor(scope: Construct, id: string, props: PropensityStateMachineProps) {
    const { settings, trainingJob, ...functions } = props;
    super(scope, id, {
      settings,
      comment: 'Shoal: trains a propensity model and scores everybody by it',
      targets: Object.values(functions),
      definition: definitionOf(props),
    });
    trainingJob?.allowStarting(this.stateMachine.role as Role);
  }
}

/** Whoever follows changes of profiles looks for instances once a minute, and gathers changes before. */
export const CLEARING_WAIT_SECONDS = 120;

const FAILURE = '{% $merge([$states.context.Execution.Input, {"failure": $states.errorOutput}]) %}';
const CATCH = [{ ErrorEquals: ['States.ALL'], Next: 'Fail run', Output: FAILURE }];

const RUN_KEY = {
  sandboxName: '{% $states.input.sandboxName %}',
  instanceId: '{% $states.input.instanceId %}',
  runId: '{% $states.input.runId %}',
};

/** Too many rows for a function are for a job. The function that comes after it finds the model, and says so. */
function routeBySize(trainingJob: TrainingJob | undefined) {
  if (trainingJob === undefined) return { first: 'Train model', states: {} };
  const states = {
    'Where to train': {
      Type: 'Choice',
      Choices: [{ Condition: `{% $states.input.rows > ${trainingJob.rowsMin} %}`, Next: 'Train in a job' }],
      Default: 'Train model',
    },
    'Train in a job': {
      ...trainingJob.step,
      Output: '{% $states.input %}',
      Catch: CATCH,
      Next: 'Train model',
    },
  };
  return { first: 'Where to train', states };
}

function definitionOf({ settings, trainingJob, ...functions }: PropensityStateMachineProps) {
  const { planPropensity, collectTrainingRows, trainPropensity, scoreRange, finishPropensity } = functions;
  const training = routeBySize(trainingJob);
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan run',
    States: {
      'Plan run': {
        ...invoke(planPropensity, '{% $states.input %}'),
        Output: '{% $merge([$states.input, $states.result.Payload]) %}',
        Catch: CATCH,
        Next: 'What is to be done',
      },
      'What is to be done': {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.kind = 'train' %}", Next: 'Collect rows' },
          { Condition: "{% $states.input.kind = 'score' %}", Next: 'Score ranges' },
          { Condition: "{% $states.input.kind = 'clear' %}", Next: 'Wait until nobody scores' },
        ],
        Default: 'Nothing to do',
      },
      'Wait until nobody scores': { Type: 'Wait', Seconds: CLEARING_WAIT_SECONDS, Next: 'Score ranges' },
      'Collect rows': { ...overRanges(collectTrainingRows, 'rows', settings), Next: training.first },
      ...training.states,
      'Train model': {
        ...invoke(trainPropensity, RUN_KEY),
        Output: '{% $merge([$states.input, $states.result.Payload]) %}',
        Catch: CATCH,
        Next: 'Is there a model to score by',
      },
      'Is there a model to score by': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.scores %}', Next: 'Score ranges' }],
        Default: 'Finish run',
      },
      'Score ranges': { ...overRanges(scoreRange, 'scores', settings), Next: 'Finish run' },
      'Finish run': {
        ...invoke(finishPropensity, RUN_KEY),
        Output: '{% $states.result.Payload %}',
        Catch: CATCH,
        End: true,
      },
      'Nothing to do': { Type: 'Succeed' },
      'Fail run': {
        ...invoke(finishPropensity, '{% $states.input %}'),
        Output: '{% $states.result.Payload %}',
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'RunFailed', Cause: 'See the message of the run.' },
    },
  };
}

function overRanges(target: ServiceFunction, label: string, { batchConcurrency }: StageSettings) {
  return {
    Type: 'Map',
    Label: label,
    Items: '{% $states.input.ranges %}',
    ItemSelector: {
      ...RUN_KEY,
      from: '{% $states.context.Map.Item.Value.from %}',
      to: '{% $states.context.Map.Item.Value.to %}',
      of: '{% $states.context.Map.Item.Value.of %}',
    },
    MaxConcurrency: batchConcurrency,
    ToleratedFailurePercentage: 0,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: `A range of ${label}`,
      States: { [`A range of ${label}`]: { ...invoke(target, '{% $states.input %}'), Output: {}, End: true } },
    },
    Output: '{% $states.input %}',
    Catch: CATCH,
  };
}
