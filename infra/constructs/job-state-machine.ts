import type { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import type { ServiceFunction } from './service-function.ts';
import { invoke, WalkStateMachine } from './walk-state-machine.ts';

interface JobStateMachineProps {
  readonly settings: StageSettings;
  readonly planRanges: ServiceFunction;
  readonly evaluateRange: ServiceFunction;
  readonly finishJob: ServiceFunction;
}

/** What each step says is in the bucket, so no state holds more than the job's name and the number of its ranges. */
export class JobStateMachine extends WalkStateMachine {
  constructor(scope: Construct, id: string, props: JobStateMachineProps) {
    super(scope, id, {
      settings: props.settings,
      comment: 'Shoal: a batch job over all profiles, range by range',
      targets: [props.planRanges, props.evaluateRange, props.finishJob],
      definition: definitionOf(props),
    });
  }
}

const FAILURE = '{% $merge([$states.context.Execution.Input, {"failure": $states.errorOutput}]) %}';
const CATCH = [{ ErrorEquals: ['States.ALL'], Next: 'Fail job', Output: FAILURE }];

function definitionOf({ settings, planRanges, evaluateRange, finishJob }: JobStateMachineProps) {
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan ranges',
    States: {
      'Plan ranges': {
        ...invoke(planRanges, '{% $states.input %}'),
        Output: '{% $merge([$states.input, $states.result.Payload]) %}',
        Catch: CATCH,
        Next: 'Is there anything to do',
      },
      'Is there anything to do': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.ranges > 0 %}', Next: 'Evaluate ranges' }],
        Default: 'Finish job',
      },
      'Evaluate ranges': {
        Type: 'Map',
        Label: 'ranges',
        Items: '{% [0..$states.input.ranges - 1] %}',
        ItemSelector: {
          sandboxName: '{% $states.input.sandboxName %}',
          kind: '{% $states.input.kind %}',
          jobId: '{% $states.input.jobId %}',
          attempt: '{% $states.input.attempt %}',
          plan: '{% $states.input.plan %}',
          range: '{% $states.context.Map.Item.Value %}',
          from: null,
        },
        MaxConcurrency: settings.batchConcurrency,
        ToleratedFailurePercentage: 0,
        ItemProcessor: rangeProcessor(evaluateRange),
        Output: '{% $states.input %}',
        Catch: CATCH,
        Next: 'Finish job',
      },
      'Finish job': {
        ...invoke(finishJob, JOB_RUN),
        Output: '{% $states.result.Payload %}',
        Catch: CATCH,
        End: true,
      },
      'Fail job': {
        ...invoke(finishJob, '{% $states.input %}'),
        Output: '{% $states.result.Payload %}',
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'JobFailed', Cause: 'See the errors of the job.' },
    },
  };
}

const JOB_RUN = {
  sandboxName: '{% $states.input.sandboxName %}',
  kind: '{% $states.input.kind %}',
  jobId: '{% $states.input.jobId %}',
  attempt: '{% $states.input.attempt %}',
};

/** One process after another, each from where the one before ended. */
function rangeProcessor(evaluateRange: ServiceFunction) {
  return {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Evaluate range',
    States: {
      'Evaluate range': {
        ...invoke(evaluateRange, '{% $states.input %}'),
        Output: '{% $merge([$states.input, {"from": $states.result.Payload.next}]) %}',
        Next: 'Is the range done',
      },
      'Is the range done': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.from = null %}', Next: 'Range done' }],
        Default: 'Evaluate range',
      },
      'Range done': { Type: 'Pass', Output: {}, End: true },
    },
  };
}
