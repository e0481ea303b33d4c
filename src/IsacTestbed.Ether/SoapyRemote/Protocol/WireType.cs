namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>The byte that stands before each value of a message and says what follows.</summary>
internal enum WireType : byte
{
    Char = 0,
    Bool = 1,
    Int32 = 2,
    Int64 = 3,
    Float64 = 4,
    Complex128 = 5,
    String = 6,
    Range = 7,
    RangeList = 8,
    StringList = 9,
    Float64List = 10,
    Kwargs = 11,
    KwargsList = 12,
    Exception = 13,
    Void = 14,
    Call = 15,
    SizeList = 16,
    ArgInfo = 17,
    ArgInfoList = 18,
}
