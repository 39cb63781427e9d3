/** Coefficients of the chance of being more than 30 days late, as `make calibrate` has learnt them. Twin of benchmark/score_coefficients.py. */

export const COEFFICIENTS: Readonly<Record<'both' | 'peers' | 'own', readonly number[]>> = {
  both: [-6.3275, 0.9273, 0.7903, -0.6916, -0.9834, -0.3245, 0.7538, 0.0972, -0.2065, -0.0336, 0.9218],
  peers: [-6.0738, 1.9256, 0.088, -0.4169, -0.7652, 0.4769],
  own: [-5.6936, 1.3756, 0.9141, -0.7256, -0.88, -0.164],
}
