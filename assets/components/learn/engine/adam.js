// Adam as the engine has it (Kingma and Ba, 2015, algorithm 1 in its efficient form; epsilon 1e-7).
/** @import { Rows } from "../types" */

const EPSILON = 1e-7;

export class Adam {
  /** @param {Rows[]} variables */
  constructor(variables) {
    this.targets = variables;
    this.first = variables.map((v) => new Float64Array(v.length));
    this.second = variables.map((v) => new Float64Array(v.length));
    this.powers = [1, 1];
  }

  /**
   * Moves every variable against its gradient.
   * @type {(gradients: Rows[], rate: number, beta1: number, beta2: number) => void}
   */
  apply(gradients, rate, beta1, beta2) {
    this.powers = [this.powers[0] * beta1, this.powers[1] * beta2];
    const step = (rate * Math.sqrt(1 - this.powers[1])) / (1 - this.powers[0]);
    this.targets.forEach((variable, v) => {
      const gradient = gradients[v],
        m = this.first[v],
        s = this.second[v];
      for (let i = 0; i < variable.length; i++) {
        m[i] += (gradient[i] - m[i]) * (1 - beta1);
        s[i] += (gradient[i] * gradient[i] - s[i]) * (1 - beta2);
        variable[i] -= (step * m[i]) / (Math.sqrt(s[i]) + EPSILON);
      }
    });
  }
}
