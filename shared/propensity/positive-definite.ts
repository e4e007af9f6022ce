/** Linear equations with a symmetric positive definite matrix, by Cholesky's decomposition. */
import { invariant } from '#shared/kernel/invariant.ts';

/** Solves `matrix · x = right`. Only the lower triangle is read, and overwritten with the factor. */
export function solvePositiveDefinite(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  for (let row = 0; row < matrix.length; row++) factorRow(matrix, row);
  return backward(matrix, forward(matrix, right));
}

const at = (matrix: readonly Float64Array[], row: number, column: number) =>
  (matrix[row] as Float64Array)[column] as number;

function factorRow(matrix: readonly Float64Array[], row: number): void {
  const line = matrix[row] as Float64Array;
  for (let column = 0; column <= row; column++) {
    let sum = line[column] as number;
    for (let index = 0; index < column; index++) sum -= (line[index] as number) * at(matrix, column, index);
    if (column < row) line[column] = sum / at(matrix, column, column);
    else {
      invariant(sum > 0, `a matrix to solve is not positive definite at row ${row}`);
      line[row] = Math.sqrt(sum);
    }
  }
}

function forward(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const solution = new Float64Array(right.length);
  for (let row = 0; row < right.length; row++) {
    let sum = right[row] as number;
    for (let index = 0; index < row; index++) sum -= at(factor, row, index) * (solution[index] as number);
    solution[row] = sum / at(factor, row, row);
  }
  return solution;
}

function backward(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const solution = new Float64Array(right.length);
  for (let row = right.length - 1; row >= 0; row--) {
    let sum = right[row] as number;
    for (let index = row + 1; index < right.length; index++)
      sum -= at(factor, index, row) * (solution[index] as number);
    solution[row] = sum / at(factor, row, row);
  }
  return solution;
}
