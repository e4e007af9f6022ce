/** The package has no declarations of its own. */
declare module 'asl-validator' {
  interface Validation {
    readonly isValid: boolean;
    readonly errors: readonly {
      readonly Message?: string;
      readonly message?: string;
      readonly instancePath?: string;
    }[];
  }
  export default function validate(definition: object): Validation;
}
