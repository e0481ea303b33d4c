namespace IsacTestbed.Ether;

/// <summary>A value that changes in steps at known ticks, so that a sample's value does not depend on when it was rendered. Thread safe.</summary>
internal sealed class StepTimeline(double value)
{
    private const int StepsKept = 64;
    private Step[] _steps = [new(long.MinValue, value)];

    /// <summary>The value after all steps.</summary>
    public double Last => Volatile.Read(ref _steps)[^1].Value;

    /// <summary>The value at a tick.</summary>
    public double At(long tick)
    {
        Step[] steps = Volatile.Read(ref _steps);
        for (int i = steps.Length - 1; i > 0; i--)
        {
            if (steps[i].Tick <= tick)
            {
                return steps[i].Value;
            }
        }

        return steps[0].Value;
    }

    /// <summary>The first tick behind another at which the value changes; <see cref="long.MaxValue"/> for none.</summary>
    public long NextStep(long tick)
    {
        foreach (Step step in Volatile.Read(ref _steps))
        {
            if (step.Tick > tick)
            {
                return step.Tick;
            }
        }

        return long.MaxValue;
    }

    /// <summary>Sets the value from a tick on; later steps are dropped. One caller at a time.</summary>
    public void Set(long tick, double newValue)
    {
        Step[] earlier = [.. _steps.Where(s => s.Tick < tick).TakeLast(StepsKept)];
        Volatile.Write(ref _steps, [.. earlier, new Step(tick, newValue)]);
    }

    /// <summary>Keeps the last value for all ticks, as after the time was set.</summary>
    public void Restart() => Volatile.Write(ref _steps, [new Step(long.MinValue, Last)]);

    private readonly record struct Step(long Tick, double Value);
}
