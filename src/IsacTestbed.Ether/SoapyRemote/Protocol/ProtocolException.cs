namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>Bytes that are not the protocol: the connection they came on cannot go on, since what follows cannot be told apart.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
