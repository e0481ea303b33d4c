namespace IsacTestbed.Cli.Reproduction;

/// <summary>Learns tasks with the data, budget and seed of a request.</summary>
/// <param name="tasks">The tasks.</param>
/// <returns>One curve per task, in their order.</returns>
internal delegate IReadOnlyList<LearningCurve> Learner(IReadOnlyList<LearningTask> tasks);
