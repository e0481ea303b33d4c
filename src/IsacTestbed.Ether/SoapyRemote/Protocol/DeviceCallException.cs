namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>A call that the device refuses; the client sees the message and goes on.</summary>
internal sealed class DeviceCallException(string message) : Exception(message);
