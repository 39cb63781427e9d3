/** Coefficients of the chance of being more than 30 days late, as `make calibrate` has learnt them. Twin of benchmark/score_coefficients.py. */

export const COEFFICIENTS: Readonly<Record<'both' | 'peers' | 'own', readonly number[]>> = {
  both: [-6.3042, 0.9496, 0.7925, -0.6967, -1.0158, -0.3302, 0.7135, 0.1115, -0.2086, 0.0229, 0.9198],
  peers: [-6.004, 1.885, 0.1031, -0.4058, -0.7217, 0.4723],
  own: [-5.6936, 1.3756, 0.9141, -0.7256, -0.88, -0.164],
}
