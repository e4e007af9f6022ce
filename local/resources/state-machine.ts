/** AWS::StepFunctions::StateMachine: the definition as it is deployed, run by the interpreter. */
import type { Cloud } from '../cloud.ts';
import type { Definition, MachineType } from '../engines/step-functions/definition.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

export function stateMachineType(cloud: Cloud): ResourceType {
  return {
    properties: {
      StateMachineName: true,
      StateMachineType: true,
      Definition: true,
      DefinitionString: true,
      DefinitionSubstitutions: true,
      RoleArn: true,
      LoggingConfiguration: REASONS.observability,
      TracingConfiguration: REASONS.observability,
      EncryptionConfiguration: REASONS.encryption,
      Tags: REASONS.tags,
    },
    deploy: async ({ stackName, logicalId }, properties) => {
      const place = `${stackName}.${logicalId}`;
      const name = String(properties.StateMachineName ?? `${stackName}-${logicalId}`).slice(-80);
      const type = String(properties.StateMachineType ?? 'STANDARD') as MachineType;
      const definition = definitionOf(place, properties);
      // Loaded late: a template without a state machine starts without the grammar.
      const { checkDefinition } = await import('../engines/step-functions/check-definition.ts');
      const hasFunction = (nameOrArn: string) => cloud.functions.has(nameOrArn);
      const problems = checkDefinition(definition, type, { hasFunction });
      if (problems.length > 0) throw new Error(`${place} (AWS::StepFunctions::StateMachine): ${problems.join('; ')}`);
      const { stateMachines } = cloud.surroundings.engines;
      const roleArn = String(properties.RoleArn);
      const { arn } = stateMachines.create({ name, type, roleArn, definition: definition as Definition });
      return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: 'INITIAL' } };
    },
  };
}

function definitionOf(place: string, properties: Readonly<Record<string, unknown>>): unknown {
  const { Definition: written, DefinitionString: text, DefinitionSubstitutions: values = {} } = properties;
  const source = text === undefined ? JSON.stringify(written) : String(text);
  if (source === undefined) throw new Error(`${place}: a state machine has a DefinitionString or a Definition`);
  const known = values as Readonly<Record<string, unknown>>;
  const substituted = source.replaceAll(/\$\{([A-Za-z0-9]+)\}/g, (whole, name: string) =>
    Object.hasOwn(known, name) ? JSON.stringify(String(known[name])).slice(1, -1) : whole,
  );
  try {
    return JSON.parse(substituted);
  } catch (error) {
    throw new Error(`${place}: the definition is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
