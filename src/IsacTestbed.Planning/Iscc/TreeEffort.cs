namespace IsacTestbed.Planning.Iscc;

/// <summary>When a branch and bound has opened enough boxes: soon once its bound is near the target, and before when more boxes no longer help.</summary>
/// <param name="near">Most boxes once the bound is near the target.</param>
/// <param name="far">Boxes after which, with the bound far from it, doubling their number has to pay.</param>
/// <param name="most">Most boxes at all.</param>
internal sealed class TreeEffort(int near, int far, int most)
{
    // Of the target, where a bound is near.
    private const double Near = 0.986;

    // What a doubling has to leave at most of the distance to the target.
    private const double Worthwhile = 0.93;
    private int _check = far;
    private double _before = double.NaN;

    /// <summary>Whether to end.</summary>
    /// <param name="opened">Boxes opened so far; rises from call to call.</param>
    /// <param name="bound">The bound they have proven.</param>
    /// <param name="target">What is to be proven.</param>
    public bool IsSpent(int opened, double bound, double target)
    {
        if (bound >= Near * target)
        {
            return opened >= near;
        }

        double distance = target - bound;
        if (double.IsNaN(_before) && opened >= _check / 2)
        {
            _before = distance;
        }

        if (opened < _check)
        {
            return false;
        }

        bool spent = opened >= most || distance > Worthwhile * _before;
        (_check, _before) = (2 * _check, distance);
        return spent;
    }
}
