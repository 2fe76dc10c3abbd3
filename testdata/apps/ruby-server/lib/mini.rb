require 'erb'
require 'fileutils'
require 'json'
require 'socket'

# Routes and templates in the manner of the well-known one, for a page or two.
class Mini
  def initialize(views:)
    @views = views
    @routes = {}
  end

  def get(path, &block)
    @routes[['GET', path]] = block
  end

  def post(path, &block)
    @routes[['POST', path]] = block
  end

  def erb(name, **locals)
    page = ERB.new(File.read(File.join(@views, "#{name}.erb")), trim_mode: '-')
    [200, 'text/html', page.result_with_hash(locals)]
  end

  def run(host, port)
    trap('TERM') { exit }
    server = TCPServer.new(host, port)
    loop { Thread.new(server.accept) { |socket| serve(socket) } }
  end

  private

  def serve(socket)
    method, path = socket.gets.to_s.split
    length = 0
    while (line = socket.gets.to_s.chomp) != ''
      length = line[/\d+/].to_i if line.downcase.start_with?('content-length:')
    end
    status, type, body = answer(method, path, socket.read(length))
    socket.write("HTTP/1.1 #{status} -\r\nContent-Type: #{type}\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
  ensure
    socket.close
  end

  def answer(method, path, body)
    route = @routes[[method, path]]
    route ? route.call(body) : [404, 'text/plain', "no route\n"]
  rescue StandardError => e
    [500, 'text/plain', "#{e.message}\n"]
  end
end
