using Google.Protobuf;
using IsacTestbed.Rpc;

namespace IsacTestbed.Sidecar.Mapping;

/// <summary>Marshallers of generated messages.</summary>
internal static class ProtobufMarshaller
{
    /// <summary>The marshaller of one message type.</summary>
    public static RpcMarshaller<T> Of<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return new RpcMarshaller<T>(m => m.CalculateSize(), (m, writer) => m.WriteTo(writer), bytes => Read(parser, bytes));
    }

    private static T Read<T>(MessageParser<T> parser, System.Buffers.ReadOnlySequence<byte> bytes)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw FaultMapping.InvalidArgument($"The message is no {parser.ParseFrom([]).Descriptor.FullName}: {exception.Message}");
        }
    }
}
