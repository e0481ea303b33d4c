using Google.Protobuf;
using IsacTestbed.Rpc;

namespace IsacTestbed.Control.Sidecars;

/// <summary>Marshallers of generated messages.</summary>
internal static class ProtobufMarshaller
{
    /// <summary>The marshaller of one message type.</summary>
    public static RpcMarshaller<T> Of<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return new RpcMarshaller<T>(m => m.CalculateSize(), (m, writer) => m.WriteTo(writer), parser.ParseFrom);
    }
}
