namespace IsacTestbed.Planning;

/// <summary>A planner's answer in the form every family shares.</summary>
/// <param name="Family">The family that answered.</param>
/// <param name="Method">The method used.</param>
/// <param name="Feasible">Whether a feasible plan was found; otherwise <paramref name="Reasons"/> says why not.</param>
/// <param name="Reasons">Per violated requirement one line that names the device and the constraint; empty when feasible.</param>
/// <param name="Json">The whole answer as one JSON object, indented, without NaN or infinity.</param>
public sealed record PlannerAnswer(string Family, string Method, bool Feasible, IReadOnlyList<string> Reasons, string Json);
