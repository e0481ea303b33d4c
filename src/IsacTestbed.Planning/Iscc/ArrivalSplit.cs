namespace IsacTestbed.Planning.Iscc;

/// <summary>Where to divide what arrives of one user at one kind of receiver.</summary>
/// <param name="User">The user.</param>
/// <param name="AtAp">Whether at the access point or at the echo receivers.</param>
/// <param name="Watts">At most that much in the one part, at least that much in the other.</param>
/// <param name="Gain">By how much the bounds of both parts rise, as far as one user's own powers tell.</param>
internal sealed record ArrivalSplit(int User, bool AtAp, double Watts, double Gain)
{
    /// <summary>The two parts.</summary>
    /// <param name="box">The box.</param>
    public (RateBox Lower, RateBox Upper) Of(RateBox box)
    {
        RateBox lower = box.Copy(), upper = box.Copy();
        Range(lower).Most[User] = Watts;
        Range(upper).Least[User] = Watts;
        return (lower, upper);
    }

    private ArrivalRanges Range(RateBox box) => AtAp ? box.Sent.AtAp : box.Sent.AtUsers;
}
